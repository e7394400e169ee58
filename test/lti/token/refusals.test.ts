import { expect, test } from 'vitest';
import { tokenRefusals } from '../../../src/lti/token/refusals.ts';

test('every description has only characters that error_description may have (RFC 6749 §5.2)', () => {
  for (const { description } of Object.values(tokenRefusals)) {
    expect(description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]{20,200}$/);
  }
});
