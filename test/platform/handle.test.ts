import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cookieId,
  cookieName,
  hashSecret,
  newHandle,
  newSecret,
  parseHandle,
} from '../../src/platform/handle.ts';

const uuids = fc.array(fc.uuid(), { minLength: 1, maxLength: 3 });

test('a handle gives back the ids it was made around, and the hash of the whole', () => {
  fc.assert(
    fc.property(uuids, (ids) => {
      const handle = newHandle(...ids);
      expect(parseHandle(handle, ids.length)).toEqual({ ids, hash: hashSecret(handle) });
    }),
  );
});

test('two handles around the same ids differ', () => {
  const id = crypto.randomUUID();
  expect(newHandle(id)).not.toBe(newHandle(id));
  expect(newSecret()).not.toBe(newSecret());
  expect(newSecret()).toMatch(/^[\w-]{32}$/);
});

test('a handle is read only with as many ids as it was made around', () => {
  const handle = newHandle(crypto.randomUUID(), crypto.randomUUID());
  expect(parseHandle(handle, 1)).toBeUndefined();
  expect(parseHandle(handle, 3)).toBeUndefined();
});

test('a handle has one spelling', () => {
  const handle = newHandle(crypto.randomUUID(), crypto.randomUUID());
  const last = handle.at(-1)!;
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  // 56 bytes end in two bits nobody reads; another spelling of them must not hash as another handle.
  const twin = handle.slice(0, -1) + alphabet[alphabet.indexOf(last) ^ 1];
  for (const text of [twin, `${handle}=`, ` ${handle}`, `${handle}A`])
    expect(parseHandle(text, 2)).toBeUndefined();
});

test('no input is a fault', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.anything(), fc.string(), fc.base64String()),
      fc.integer({ min: 1, max: 3 }),
      (text, count) => {
        const handle = parseHandle(text, count);
        return handle === undefined || handle.ids.length === count;
      },
    ),
  );
});

test('a cookie is named after its login, and every login after another cookie', () => {
  const [one, two] = [hashSecret('one'), hashSecret('two')];
  expect(cookieName(cookieId(one))).toMatch(/^__Host-gh-[\w-]{8}$/);
  expect(cookieId(one)).toBe(cookieId(hashSecret('one')));
  expect(cookieId(one)).not.toBe(cookieId(two));
});
