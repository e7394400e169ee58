import { describe, expect, test } from 'vitest';
import { createJwksCache, type KeySource } from '../../src/lti/jwks.ts';
import type { JwksLimits } from '../../src/lti/jwks-policy.ts';
import { DomainError } from '../../src/platform/errors.ts';
import type { OutboundRequest, OutboundResponse } from '../../src/platform/outbound/fetch.ts';
import { createPublishedKey } from './signing-key.ts';

const minute = 60_000;
const hour = 60 * minute;
const one = createPublishedKey('one').jwk;
const two = createPublishedKey('two').jwk;
const oneReplaced = { ...two, kid: 'one' };

const source: KeySource = {
  cacheKey: 'registration-1',
  jwksUrl: 'https://lms.example/jwks',
  pastedJwks: null,
};
const unavailable = expect.objectContaining({ kind: 'upstream', code: 'jwks_unavailable' });
const down = new DomainError('upstream', 'outbound_timeout', 'too slow');

/** A cache whose platform publishes `platform.keys`, or fails with it, and whose clock the test moves. */
function openCache(limits: Partial<JwksLimits> = {}) {
  const platform = { keys: [one] as unknown[] | Error, status: 200, body: undefined as unknown };
  const requests: OutboundRequest[] = [];
  const time = { now: 1_000_000 };
  const fetch = async (request: OutboundRequest): Promise<OutboundResponse> => {
    requests.push(request);
    // The answer comes in a later turn, so that callers meet while it is under way.
    await new Promise((resolve) => setImmediate(resolve));
    if (platform.keys instanceof Error) throw platform.keys;
    const text = JSON.stringify(platform.body ?? { keys: platform.keys });
    return {
      status: platform.status,
      headers: {},
      body: Buffer.from(text),
      url: request.url,
      text: () => text,
      json: () => JSON.parse(text) as unknown,
    };
  };
  const cache = createJwksCache({ fetch, clock: { now: () => time.now }, limits });
  const find = async (kid: string, from = source) => cache.findKey(from, kid);
  return { cache, find, platform, requests, time };
}

describe('while warm', () => {
  test('the key is there at once, without a promise and without a call', async () => {
    const { cache, find, requests } = openCache();
    const key = await find('one');
    expect(cache.findKey(source, 'one')).toBe(key);
    expect(requests).toHaveLength(1);
  });

  test('the first call is limited in size and time', async () => {
    const { find, requests } = openCache();
    await find('one');
    expect(requests[0]).toMatchObject({ url: source.jwksUrl, timeoutMs: 5_000, maxBytes: 256 * 1024 });
  });

  test('callers at the same moment share one call', async () => {
    const { find, requests } = openCache();
    const keys = await Promise.all(Array.from({ length: 20 }, () => find('one')));
    expect(new Set(keys).size).toBe(1);
    expect(requests).toHaveLength(1);
  });

  test('after the fresh time the key is still there at once, and renewed behind the launch', async () => {
    const { cache, find, platform, requests, time } = openCache();
    const key = await find('one');
    time.now += 10 * minute;
    platform.keys = [two];
    expect(cache.findKey(source, 'one')).toBe(key);
    await find('two');
    expect(requests).toHaveLength(2);
    expect(await find('one')).toBeUndefined();
  });

  test('past the maximum age the caller waits for the platform’s word', async () => {
    const { find, platform, time } = openCache();
    await find('one');
    time.now += hour;
    platform.keys = [two];
    expect(await find('one')).toBeUndefined();
  });
});

describe('an unknown kid', () => {
  test('is looked for again once the cooldown is over, and found', async () => {
    const { find, platform, requests, time } = openCache();
    await find('one');
    platform.keys = [one, two];
    time.now += 29_999;
    expect(await find('two')).toBeUndefined();
    expect(requests).toHaveLength(1);
    time.now += 1;
    expect(await find('two')).toBeDefined();
    expect(requests).toHaveLength(2);
  });

  test('many of them cause one call per cooldown', async () => {
    const { find, requests, time } = openCache();
    await find('one');
    time.now += 30_000;
    await Promise.all(Array.from({ length: 50 }, (_, index) => find(`forged-${index}`)));
    for (let index = 0; index < 50; index += 1) await find(`more-${index}`);
    expect(requests).toHaveLength(2);
  });

  test('that was just looked for in vain is not looked for again soon', async () => {
    const { find, requests, time } = openCache();
    await find('forged');
    time.now += minute;
    expect(await find('forged')).toBeUndefined();
    expect(requests).toHaveLength(1);
    time.now += minute;
    await find('forged');
    expect(requests).toHaveLength(2);
  });

  test('of absurd length causes no call', async () => {
    const { find, requests } = openCache();
    expect(await find('x'.repeat(513))).toBeUndefined();
    expect(requests).toHaveLength(0);
  });

  test('in a valid but empty key set is unknown, not an error', async () => {
    const { find, platform } = openCache();
    platform.keys = [];
    expect(await find('one')).toBeUndefined();
  });
});

describe('when the platform cannot be reached', () => {
  test('a first launch fails, and the next ones fail without a call for a while', async () => {
    const { find, platform, requests, time } = openCache();
    platform.keys = down;
    await expect(find('one')).rejects.toThrow(unavailable);
    await expect(find('one')).rejects.toThrow(unavailable);
    expect(requests).toHaveLength(1);
    platform.keys = [one];
    time.now += 5_000;
    expect(await find('one')).toBeDefined();
  });

  test('known keys go on working up to the bound, then no more', async () => {
    const { find, platform, time } = openCache();
    const key = await find('one');
    platform.keys = down;
    time.now += 23 * hour;
    expect(await find('one')).toBe(key);
    time.now += hour;
    await expect(find('one')).rejects.toThrow(unavailable);
  });

  test('stale keys are used without a call on every launch', async () => {
    const { cache, find, platform, requests, time } = openCache();
    const key = await find('one');
    platform.keys = down;
    time.now += 2 * hour;
    await find('one');
    expect(cache.findKey(source, 'one')).toBe(key);
    expect(requests).toHaveLength(2);
  });

  test('a new kid is the platform’s failure, not a forged token', async () => {
    const { find, platform, time } = openCache();
    await find('one');
    platform.keys = down;
    time.now += minute;
    await expect(find('two')).rejects.toThrow(unavailable);
  });

  test.each([
    ['an error status', { status: 500 }],
    ['a page that is not a key set', { body: { error: 'maintenance' } }],
    ['too many keys', { keys: Array(51).fill(two) }],
  ])('%s keeps the known keys', async (_case, answer) => {
    const { find, platform, time } = openCache();
    const key = await find('one');
    Object.assign(platform, answer);
    time.now += hour;
    expect(await find('one')).toBe(key);
  });

  test('the reason is kept as cause', async () => {
    const { find, platform } = openCache();
    platform.keys = down;
    await expect(find('one')).rejects.toMatchObject({ cause: down });
  });
});

describe('after a bad signature', () => {
  test('a key replaced under the same kid is found', async () => {
    const { cache, find, platform, time } = openCache();
    const key = await find('one');
    platform.keys = [oneReplaced];
    time.now += 30_000;
    const fresh = await cache.refetchAfterBadSignature(source, 'one');
    expect(fresh).toBeDefined();
    expect(fresh).not.toBe(key);
    expect(await find('one')).toBe(fresh);
  });

  test('an unchanged key stays the same object, so that nothing is verified twice', async () => {
    const { cache, find, time } = openCache();
    const key = await find('one');
    time.now += 30_000;
    expect(await cache.refetchAfterBadSignature(source, 'one')).toBe(key);
  });

  test('forged tokens cause one call per cooldown', async () => {
    const { cache, find, requests, time } = openCache();
    await find('one');
    await cache.refetchAfterBadSignature(source, 'one');
    expect(requests).toHaveLength(1);
    time.now += 30_000;
    await Promise.all(Array.from({ length: 20 }, () => cache.refetchAfterBadSignature(source, 'one')));
    await cache.refetchAfterBadSignature(source, 'one');
    expect(requests).toHaveLength(2);
  });

  test('a launch that failed with the old key gets the one another launch has just brought', async () => {
    const { cache, find, platform, time } = openCache();
    await find('one');
    platform.keys = [oneReplaced];
    time.now += 30_000;
    const fresh = await cache.refetchAfterBadSignature(source, 'one');
    expect(await cache.refetchAfterBadSignature(source, 'one')).toBe(fresh);
  });

  test('a failed call changes nothing', async () => {
    const { cache, find, platform, time } = openCache();
    const key = await find('one');
    platform.keys = down;
    time.now += 30_000;
    expect(await cache.refetchAfterBadSignature(source, 'one')).toBe(key);
  });
});

describe('sources', () => {
  const pasted: KeySource = { cacheKey: 'registration-2', jwksUrl: null, pastedJwks: { keys: [one] } };

  test('pasted keys need no call and are imported once, even from an equal copy', async () => {
    const { cache, find, requests } = openCache();
    const key = await find('one', pasted);
    expect(key).toBeDefined();
    expect(cache.findKey({ ...pasted, pastedJwks: { keys: [{ ...one }] } }, 'one')).toBe(key);
    expect(await find('two', pasted)).toBeUndefined();
    expect(await cache.refetchAfterBadSignature(pasted, 'one')).toBe(key);
    expect(requests).toHaveLength(0);
  });

  test('changed pasted keys or a changed URL count at once', async () => {
    const { find, requests } = openCache();
    await find('one', pasted);
    expect(await find('one', { ...pasted, pastedJwks: { keys: [two] } })).toBeUndefined();
    await find('one');
    await find('one', { ...source, jwksUrl: 'https://new.example/jwks' });
    expect(requests.map(({ url }) => url)).toEqual([source.jwksUrl, 'https://new.example/jwks']);
  });

  test.each([
    [{ ...pasted, pastedJwks: null }, 'jwks_missing'],
    [{ ...pasted, pastedJwks: { kty: 'RSA' } }, 'jwks_invalid'],
  ])('a source without usable settings is an input error (%#)', async (broken, code) => {
    await expect(openCache().find('one', broken)).rejects.toThrow(
      expect.objectContaining({ kind: 'input', code }),
    );
  });

  test('one registration’s keys never serve another', async () => {
    const { find, platform } = openCache();
    await find('one');
    platform.keys = [two];
    expect(await find('one', { ...source, cacheKey: 'registration-3' })).toBeUndefined();
  });

  test('the least recently used one goes when there are too many', async () => {
    const { find, requests } = openCache({ maxSources: 2 });
    const at = (cacheKey: string) => find('one', { ...source, cacheKey });
    for (const cacheKey of ['a', 'b', 'a', 'c', 'a']) await at(cacheKey);
    expect(requests).toHaveLength(3);
    await at('b');
    expect(requests).toHaveLength(4);
  });

  test('a forgotten one is fetched anew, without a cooldown', async () => {
    const { cache, find, requests } = openCache();
    await find('one');
    cache.forget(source.cacheKey);
    await find('one');
    expect(requests).toHaveLength(2);
  });
});
