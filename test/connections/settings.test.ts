import { expect, test } from 'vitest';
import { frameAncestor } from '../../src/connections/settings.ts';

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
