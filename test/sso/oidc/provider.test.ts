import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { serve } from '../../platform/outbound/loopback-server.ts';
import { makeKey } from './support/keys.ts';
import { connectTo, ending, openWorld, type World } from './support/world.ts';

const begin = async ({ oidc, connection }: Pick<World, 'oidc' | 'connection'>) => {
  const started = await oidc.start(connection, 'handle');
  return started.ok ? 'started' : started.reason;
};

test('one hundred people at once cause one discovery call and one of the key set', async () => {
  const world = await openWorld();
  const results = await Promise.all(Array.from({ length: 100 }, () => world.signIn()));
  expect(new Set(results.map(ending))).toEqual(new Set(['accepted subject-1']));
  expect(world.provider.calls.filter((call) => call === 'discovery')).toHaveLength(1);
  expect(world.provider.calls.filter((call) => call === 'jwks')).toHaveLength(1);
});

test('a discovery document is asked for again after an hour, and at once when the settings change', async () => {
  const world = await openWorld();
  await begin(world);
  world.clock.time += 3_599_000;
  await begin(world);
  expect(world.provider.calls).toHaveLength(1);
  world.clock.time += 1_000;
  await begin(world);
  expect(world.provider.calls).toHaveLength(2);
  await begin({ ...world, connection: { ...world.connection, version: 2 } });
  expect(world.provider.calls).toHaveLength(3);
});

test('two connections to one provider share neither document nor keys', async () => {
  const world = await openWorld();
  await world.signIn();
  await world.signIn(connectTo(world.provider.issuer));
  expect(world.provider.calls).toEqual(['discovery', 'token', 'jwks', 'discovery', 'token', 'jwks']);
});

test('a provider that is down is asked once in five seconds, and its last description holds for a day', async () => {
  const world = await openWorld();
  const down = {
    discovery: (response: import('node:http').ServerResponse) => void response.writeHead(503).end(),
  };
  world.provider.lies = { serve: down };
  expect(await begin(world)).toBe('discovery_unreachable');
  expect(await begin(world)).toBe('discovery_unreachable');
  expect(world.provider.calls).toHaveLength(1);
  world.clock.time += 5_000;
  world.provider.lies = {};
  expect(await begin(world)).toBe('started');
  world.provider.lies = { serve: down };
  world.clock.time += 3_600_000;
  expect(await begin(world)).toBe('started');
  expect(await begin(world)).toBe('started');
  expect(world.provider.calls).toHaveLength(3);
  world.clock.time += 24 * 3_600_000;
  expect(await begin(world)).toBe('discovery_unreachable');
});

test('a document that has become another’s is refused at once, whatever it was before', async () => {
  const world = await openWorld();
  expect(await begin(world)).toBe('started');
  world.provider.lies = { discovery: (document) => ({ ...document, issuer: 'https://evil.example' }) };
  world.clock.time += 3_600_000;
  expect(await begin(world)).toBe('discovery_issuer');
});

test.each<[string, (document: Record<string, unknown>) => Record<string, unknown>, string]>([
  ['another issuer', (document) => ({ ...document, issuer: 'https://evil.example' }), 'discovery_issuer'],
  ['a slash more', (document) => ({ ...document, issuer: `${document.issuer}/` }), 'discovery_issuer'],
  [
    'other letters',
    (document) => ({ ...document, issuer: String(document.issuer).toUpperCase() }),
    'discovery_issuer',
  ],
  ['no token endpoint', (document) => ({ ...document, token_endpoint: undefined }), 'discovery_invalid'],
  [
    'a script to go to',
    (document) => ({ ...document, authorization_endpoint: 'javascript:alert(1)' }),
    'discovery_invalid',
  ],
  [
    'plain http elsewhere',
    (document) => ({ ...document, authorization_endpoint: 'http://a.example' }),
    'discovery_invalid',
  ],
  [
    'a password in an address',
    (document) => ({ ...document, jwks_uri: 'https://a:b@a.example' }),
    'discovery_invalid',
  ],
  ['a relative address', (document) => ({ ...document, token_endpoint: '/token' }), 'discovery_invalid'],
])('a discovery document with %s is refused', async (_lie, discovery, reason) => {
  const world = await openWorld();
  world.provider.lies = { discovery };
  expect(await begin(world)).toBe(reason);
});

test('ten megabytes in place of a discovery document are given up at 256 kB', async () => {
  const world = await openWorld();
  let sent = 0;
  world.provider.lies = {
    serve: {
      discovery: (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const piece = Buffer.alloc(64 * 1024, ' ');
        const more = () => {
          while (sent < 10 * 1024 * 1024 && !response.destroyed) {
            sent += piece.length;
            if (!response.write(piece)) return void response.once('drain', more);
          }
          response.end('{}');
        };
        more();
      },
    },
  };
  expect(await begin(world)).toBe('discovery_invalid');
  expect(sent).toBeLessThan(10 * 1024 * 1024);
});

test('a discovery document that never ends, or never begins, is given up in time', async () => {
  const discoveryTimeoutMs = 300;
  const [dripping, silent] = [
    await openWorld({ discoveryTimeoutMs }),
    await openWorld({ discoveryTimeoutMs }),
  ];
  dripping.provider.lies = {
    serve: {
      discovery: (response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(' '), 50);
        response.once('close', () => clearInterval(timer));
      },
    },
  };
  silent.provider.lies = { serve: { discovery: () => {} } };
  const since = performance.now();
  expect(await Promise.all([begin(dripping), begin(silent)])).toEqual([
    'discovery_unreachable',
    'discovery_unreachable',
  ]);
  expect(performance.now() - since).toBeLessThan(3_000);
});

test('a page, an empty answer and a refused call in place of a discovery document are told apart', async () => {
  const answers: [number, string, string][] = [
    [200, '<h1>Sign in</h1>', 'discovery_invalid'],
    [200, '[]', 'discovery_invalid'],
    [204, '', 'discovery_invalid'],
    [404, '{}', 'discovery_invalid'],
    [500, '{}', 'discovery_unreachable'],
  ];
  for (const [status, body, reason] of answers) {
    const world = await openWorld();
    world.provider.lies = {
      serve: { discovery: (response) => void response.writeHead(status).end(body) },
    };
    expect(await begin(world)).toBe(reason);
  }
  const world = await openWorld();
  const { port } = await new Promise<AddressInfo>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address() as AddressInfo;
      server.close(() => resolve(address));
    });
  });
  expect(await begin({ ...world, connection: connectTo(`http://127.0.0.1:${port}`) })).toBe(
    'discovery_unreachable',
  );
});

test.each([
  'http://10.0.0.1/',
  'https://10.0.0.1/',
  'https://169.254.169.254/',
  'https://[fd00::1]/',
  'http://school.example/',
])('a redirect to %s is not followed, from any endpoint', async (location) => {
  for (const endpoint of ['discovery', 'jwks', 'token', 'userinfo'] as const) {
    const world = await openWorld({
      settings: { userInfo: true },
      outbound: { lookup: async () => [{ address: '10.0.0.1', family: 4 }] },
    });
    world.provider.lies = {
      serve: {
        [endpoint]: (response: import('node:http').ServerResponse) =>
          void response.writeHead(302, { location }).end(),
      },
    };
    const reason = endpoint === 'discovery' ? await begin(world) : ending(await world.signIn());
    expect(reason, endpoint).toBe('address_refused');
  }
});

test('a redirect of the token endpoint is not followed anywhere, and the secret stays', async () => {
  const world = await openWorld();
  const elsewhere = await serve((_request, response) => void response.end('{}'));
  const location = `http://127.0.0.1:${elsewhere.port}/`;
  for (const status of [301, 302, 303, 307, 308]) {
    world.provider.lies = {
      serve: { token: (response) => void response.writeHead(status, { location }).end() },
    };
    expect(ending(await world.signIn())).toBe('address_refused');
  }
  expect(elsewhere.hits()).toBe(0);
});

test('a provider on this machine is refused unless the hub allows it', async () => {
  const world = await openWorld({ outbound: { allowLoopback: false } });
  expect(await begin(world)).toBe('address_refused');
});

test('a new key is found by its kid, without waiting for the old key set to run out', async () => {
  const world = await openWorld();
  expect(ending(await world.signIn())).toBe('accepted subject-1');
  world.provider.key = await makeKey('key-2');
  world.clock.time += 30_000;
  expect(ending(await world.signIn())).toBe('accepted subject-1');
});

test('a new key under the old kid is found after one signature that does not fit', async () => {
  const world = await openWorld();
  await world.signIn();
  world.provider.key = await makeKey('key-1');
  world.clock.time += 30_000;
  expect(ending(await world.signIn())).toBe('accepted subject-1');
});

test('unknown kids cause one call in half a minute', async () => {
  const world = await openWorld();
  await world.signIn();
  const calls = () => world.provider.calls.filter((call) => call === 'jwks').length;
  for (let count = 0; count < 20; count++) {
    world.provider.lies = { header: () => ({ kid: `unknown-${count}` }) };
    expect(ending(await world.signIn())).toBe('key_unknown');
  }
  expect(calls()).toBe(1);
  world.clock.time += 30_000;
  await Promise.all(Array.from({ length: 20 }, () => world.signIn()));
  expect(calls()).toBe(2);
});

test('a key set that cannot be read is told, and an earlier one holds meanwhile', async () => {
  const world = await openWorld();
  const fails = {
    jwks: (response: import('node:http').ServerResponse) => void response.writeHead(404).end(),
  };
  world.provider.lies = { serve: fails };
  expect(ending(await world.signIn())).toBe('keys_unreachable');
  world.provider.lies = { serve: { jwks: (response) => void response.end('<html>') } };
  world.clock.time += 5_000;
  expect(ending(await world.signIn())).toBe('keys_invalid');
  world.provider.lies = {};
  world.clock.time += 5_000;
  expect(ending(await world.signIn())).toBe('accepted subject-1');
  world.provider.lies = { serve: fails };
  world.clock.time += 2 * 3_600_000;
  expect(ending(await world.signIn())).toBe('accepted subject-1');
});

test('a token without a kid is tried with every key of its kind', async () => {
  const world = await openWorld();
  const others = await Promise.all([makeKey('a'), makeKey('b'), makeKey('c', 'ES256')]);
  world.provider.lies = {
    keys: () => [...others.map(({ jwk }) => jwk), world.provider.key.jwk],
    header: () => ({ kid: undefined }),
  };
  expect(ending(await world.signIn())).toBe('accepted subject-1');
});

test('keys that prove nothing are left out: private ones, shared secrets, keys for encryption, broken ones', async () => {
  const world = await openWorld();
  const { jwk } = world.provider.key;
  for (const bad of [
    { ...jwk, d: 'AQAB' },
    { kty: 'oct', k: 'AAAA', kid: 'key-1' },
    { ...jwk, use: 'enc' },
    { ...jwk, alg: 'RS512' },
    { ...jwk, n: 'A'.repeat(2000) },
    { ...jwk, n: '!' },
    { kid: 'key-1' },
  ]) {
    world.provider.lies = { keys: () => [bad] };
    world.clock.time += 2 * 24 * 3_600_000;
    expect(['key_unknown', 'signature']).toContain(ending(await world.signIn()));
  }
});
