import { expect, test } from 'vitest';
import { decidePresentation } from '../../../src/lti/outbound/presentation.ts';
import { presentations } from '../../../src/tools/tool.ts';

const framed = { topLevel: false, ordinaryCookies: true };
const blocked = { topLevel: false, ordinaryCookies: false };
const topLevel = { topLevel: true, ordinaryCookies: true };
const bare = { supportsStorage: false };
const storing = { supportsStorage: true };

test('where cookies work in the frame, a tool is shown as it is set', () => {
  for (const presentation of presentations) {
    expect(decidePresentation({ presentation, ...bare }, framed)).toBe(presentation);
    expect(decidePresentation({ presentation, ...storing }, framed)).toBe(presentation);
  }
});

test('where cookies are blocked, a tool is never framed without platform storage', () => {
  for (const presentation of presentations) {
    expect(decidePresentation({ presentation, ...bare }, blocked)).toBe('new_window');
  }
  expect(decidePresentation({ presentation: 'redirect', ...storing }, blocked)).toBe('framed');
  expect(decidePresentation({ presentation: 'framed', ...storing }, blocked)).toBe('framed');
  expect(decidePresentation({ presentation: 'new_window', ...storing }, blocked)).toBe('new_window');
});

test('a hub that is the whole window opens no second one, and frames only a tool with platform storage', () => {
  for (const presentation of presentations) {
    expect(decidePresentation({ presentation, ...bare }, topLevel)).toBe('redirect');
  }
  expect(decidePresentation({ presentation: 'new_window', ...storing }, topLevel)).toBe('redirect');
  expect(decidePresentation({ presentation: 'framed', ...storing }, topLevel)).toBe('framed');
});
