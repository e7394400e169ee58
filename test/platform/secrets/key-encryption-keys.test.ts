import { expect, test } from 'vitest';
import { parseKeyEncryptionKeys } from '../../../src/platform/secrets/key-encryption-keys.ts';
import { keyEntry } from './keys.ts';

const data = Buffer.from('data key of some tenant');
const place = Buffer.from('place');

test('the first entry is the current key', () => {
  expect(parseKeyEncryptionKeys(`${keyEntry('new', 2)},${keyEntry('old', 1)}`).current).toBe('new');
});

test('entries may stand on lines, with comments between', () => {
  expect(
    parseKeyEncryptionKeys(`# a: comment, here\n${keyEntry('a', 1)}\n\n${keyEntry('b', 2)}\n`).current,
  ).toBe('a');
});

test('what an older key wrapped unwraps while that key is configured', async () => {
  const { wrapped, keyName } = await parseKeyEncryptionKeys(keyEntry('old', 1)).wrap(data, place);
  const both = parseKeyEncryptionKeys(`${keyEntry('new', 2)} ${keyEntry('old', 1)}`);
  expect(await both.unwrap(wrapped, keyName, place)).toEqual(data);
});

test('a key that is not configured is named in the refusal', async () => {
  const { wrapped } = await parseKeyEncryptionKeys(keyEntry('old', 1)).wrap(data, place);
  await expect(
    parseKeyEncryptionKeys(keyEntry('new', 2)).unwrap(wrapped, 'old', place),
  ).rejects.toMatchObject({
    code: 'key_encryption_key_unknown',
    details: { keyName: 'old' },
  });
});

test('another key under the same name is refused', async () => {
  const { wrapped } = await parseKeyEncryptionKeys(keyEntry('main', 1)).wrap(data, place);
  await expect(
    parseKeyEncryptionKeys(keyEntry('main', 2)).unwrap(wrapped, 'main', place),
  ).rejects.toMatchObject({
    code: 'key_encryption_key_wrong',
  });
});

test('a wrapped key does not unwrap with other additional data', async () => {
  const keys = parseKeyEncryptionKeys(keyEntry('main', 1));
  const { wrapped } = await keys.wrap(data, place);
  await expect(keys.unwrap(wrapped, 'main', Buffer.from('elsewhere'))).rejects.toMatchObject({
    code: 'key_encryption_key_wrong',
  });
});

test.each([
  ['nothing', ''],
  ['a comment only', '# none'],
  ['no name', Buffer.alloc(32, 1).toString('base64')],
  ['a short key', `a:${Buffer.alloc(16, 1).toString('base64')}`],
  ['a long key', `a:${Buffer.alloc(33, 1).toString('base64')}`],
  ['the same name twice', `${keyEntry('a', 1)},${keyEntry('a', 2)}`],
])('%s is refused without showing the value', (_what, text) => {
  let message = '';
  try {
    parseKeyEncryptionKeys(text);
  } catch (error) {
    message = String(error);
    expect(error).toMatchObject({ kind: 'input', code: 'key_encryption_keys_invalid' });
  }
  expect(message).toContain('cannot be used');
  expect(message).not.toContain('AQEBAQEB');
});
