import { expect, test } from 'vitest';
import { isDeploymentId } from '../../src/connections/deployment-id.ts';

test.each(['1', '7:abc', 'a b', '~', 'x'.repeat(255)])('%j is a deployment ID', (text) => {
  expect(isDeploymentId(text)).toBe(true);
});

test.each(['', 'x'.repeat(256), 'é', 'a\n', 'a\tb', '\u007f', '\u202e1', '1\0'])('%j is none', (text) => {
  expect(isDeploymentId(text)).toBe(false);
});
