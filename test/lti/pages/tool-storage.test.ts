import { expect, test } from 'vitest';

interface ToolStorage {
  keep(origin: string, message: object): Record<string, unknown>;
}
const script = new URL('../../../src/lti/browser/tool-storage.js', import.meta.url).href;
const { createToolStorage } = (await import(script)) as { createToolStorage(): ToolStorage };

const put = (key: string, value: unknown) => ({ subject: 'lti.put_data', message_id: 'm', key, value });
const get = (key: string) => ({ subject: 'lti.get_data', message_id: 'm', key });

test('what an origin stored it gets back, and another origin does not', () => {
  const storage = createToolStorage();
  expect(storage.keep('https://a', put('state', 'one'))).toEqual({ key: 'state', value: 'one' });
  expect(storage.keep('https://a', get('state'))).toEqual({ key: 'state', value: 'one' });
  expect(storage.keep('https://b', get('state'))).toEqual({ key: 'state', value: null });
});

test('a null value forgets the key', () => {
  const storage = createToolStorage();
  storage.keep('https://a', put('state', 'one'));
  storage.keep('https://a', put('state', null));
  expect(storage.keep('https://a', get('state'))).toEqual({ key: 'state', value: null });
});

test('at least 4096 bytes fit, and more than the bound is refused with storage_exhaustion', () => {
  const storage = createToolStorage();
  expect(storage.keep('https://a', put('k', 'x'.repeat(4096)))).not.toHaveProperty('error');
  const refused = storage.keep('https://a', put('other', 'x'.repeat(16_384)));
  expect(refused).toMatchObject({ error: { code: 'storage_exhaustion' } });
  expect(storage.keep('https://a', get('k')).value).toHaveLength(4096);
});

test('one origin’s full storage leaves room for another, and keys are bounded too', () => {
  const storage = createToolStorage();
  for (let index = 0; index < 64; index++) storage.keep('https://a', put(`k${index}`, 'v'));
  expect(storage.keep('https://a', put('k64', 'v'))).toMatchObject({ error: { code: 'storage_exhaustion' } });
  expect(storage.keep('https://a', put('k0', 'w'))).not.toHaveProperty('error');
  expect(storage.keep('https://b', put('k64', 'v'))).not.toHaveProperty('error');
});

test('a message without message_id or key, or with a value that is not text, is a bad_request', () => {
  const storage = createToolStorage();
  const bad = [
    { subject: 'lti.get_data', key: 'k' },
    { subject: 'lti.put_data', message_id: 'm' },
    put('k', { a: 1 }),
  ];
  for (const message of bad) {
    expect(storage.keep('https://a', message)).toMatchObject({ error: { code: 'bad_request' } });
  }
});
