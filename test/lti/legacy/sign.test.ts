import { expect, test } from 'vitest';
import { isSignedBy, signConsumerKey } from '../../../src/lti/legacy/sign.ts';

/** The example of the LTI 1.3 migration guide, §2.3.2. */
const example = {
  consumerKey: '179248902',
  deploymentId: '689302',
  issuer: 'https://lmsvendor.com',
  clientId: 'PM48OJSfGDTAzAo',
  exp: 1551290856,
  nonce: '172we8671fd8z',
};
const secret = 'my-lti11-secret';
const signature = 'lWd54kFo5qU7xshAna6v8BwoBm6tmUjc6GTax6+12ps=';

test('a key is signed as the guide’s own example is', () => {
  expect(signConsumerKey(secret, example)).toBe(signature);
  expect(isSignedBy(secret, example, signature)).toBe(true);
});

test.each(Object.keys(example))('a signature holds for no other %s', (name) => {
  const other = { ...example, [name]: name === 'exp' ? 1 : 'other' };
  expect(isSignedBy(secret, other, signature)).toBe(false);
});

test.each(['', 'x', signature.slice(1), `${signature}=`, 'ä'.repeat(44)])('%j is no signature', (wrong) => {
  expect(isSignedBy(secret, example, wrong)).toBe(false);
  expect(isSignedBy('another secret', example, signature)).toBe(false);
});
