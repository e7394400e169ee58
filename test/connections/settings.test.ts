import { expect, test } from 'vitest';
import { frameAncestor, registrationSettings } from '../../src/connections/settings.ts';

test.each([
  'https:',
  'https://lms.school.example',
  'https://*.school.example',
  'https://lms.example:8443',
  'https://lms.example:*',
  '*.school.example',
  'http://lms.localhost:3000',
  'http://localhost:*',
])('%s is a source that may frame a launch', (source) => {
  expect(frameAncestor.parse(source)).toBe(source);
});

test.each([
  '*',
  'http:',
  'data:',
  "'self'",
  "'none'",
  'http://lms.example',
  'https://a.example; script-src *',
  'https://a.example, https://b.example',
  'https://a.example https://b.example',
  'https://a.example\nX: y',
  'https://a.example/path',
  'https://*',
  'https://a.*.example',
  'https://user@a.example',
  'javascript:',
  '',
  `https://${'a.'.repeat(200)}example`,
])('%j is refused', (source) => {
  expect(frameAncestor.safeParse(source).success).toBe(false);
});

test('the rate of scores may be set within reason, and is the family’s where it is not', () => {
  expect(registrationSettings.parse({}).gradesPerSecond).toBeUndefined();
  expect(registrationSettings.parse({ gradesPerSecond: 0.5 }).gradesPerSecond).toBe(0.5);
  for (const gradesPerSecond of [0, -1, 10_001]) {
    expect(registrationSettings.safeParse({ gradesPerSecond }).success).toBe(false);
  }
});
