import { CompactSign } from 'jose';
import { expect, test } from 'vitest';
import { connectTo, ending, openWorld, type SettingsInput } from './support/world.ts';

const tid = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const entra = (subject: 'oid' | 'sub') => ({
  provider: { path: `/${tid}/v2.0` },
  settings: { tenant: { kind: 'entra' as const, tenantId: tid.toUpperCase(), subject } },
});

test('Entra ID: the key is directory and object id, or the pairwise sub, and never a name', async () => {
  const person = {
    sub: 'pairwise-1',
    oid: '00000000-AAAA-0000-0000-000000000001',
    tid,
    email: 'ada@school.example',
    upn: 'ada@school.example',
    preferred_username: 'ada@school.example',
  };
  for (const [subject, expected] of [
    ['oid', `${tid}:00000000-aaaa-0000-0000-000000000001`],
    ['sub', 'pairwise-1'],
  ] as const) {
    const world = await openWorld(entra(subject));
    world.provider.person = person;
    expect(ending(await world.signIn())).toBe(`accepted ${expected}`);
    // A new address makes no new person, and another's address no other one.
    world.provider.person = { ...person, email: 'head@school.example', upn: 'head@school.example' };
    expect(ending(await world.signIn())).toBe(`accepted ${expected}`);
  }
});

test('Entra ID: an issuer for many tenants is asked at the school’s own address', async () => {
  const world = await openWorld(entra('oid'));
  const issuer = world.provider.issuer.replace(tid, '{tenantid}');
  world.provider.person = { sub: 's', oid: 'o', tid };
  const connection = connectTo(issuer, entra('oid').settings);
  expect(ending(await world.signIn(connection))).toBe(`accepted ${tid}:o`);
});

test.each<[string, Record<string, unknown>, string]>([
  ['another directory', { sub: 's', oid: 'o', tid: tid.replace('a', 'b') }, 'tenant'],
  ['no directory', { sub: 's', oid: 'o' }, 'tenant'],
  ['no object id', { sub: 's', tid, upn: 'ada@school.example' }, 'subject'],
  ['another issuer', { sub: 's', oid: 'o', tid, iss: 'https://login.microsoftonline.com/x/v2.0' }, 'issuer'],
  [
    'another directory with the school’s address (nOAuth)',
    {
      sub: 's',
      oid: 'o',
      tid: '11112222-0000-cccc-1111-dddd2222eeee',
      email: 'ada@school.example',
      email_verified: true,
    },
    'tenant',
  ],
])('Entra ID: %s is refused', async (_name, person, reason) => {
  const world = await openWorld(entra('oid'));
  world.provider.person = person;
  expect(ending(await world.signIn())).toBe(reason);
});

test('Entra ID: a discovery document that still says {tenantid} is refused', async () => {
  const world = await openWorld(entra('oid'));
  world.provider.lies = {
    discovery: (document) => ({ ...document, issuer: String(document.issuer).replace(tid, '{tenantid}') }),
  };
  const started = await world.oidc.start(world.connection, 'handle');
  expect(started).toMatchObject({ ok: false, reason: 'discovery_issuer' });
});

test.each<[Record<string, unknown>, string]>([
  [{ hd: 'school.example' }, 'accepted subject-1'],
  [{ hd: 'School.Example' }, 'accepted subject-1'],
  [{ hd: 'evil.example', email: 'ada@school.example', email_verified: true }, 'hosted_domain'],
  [{ email: 'ada@school.example', email_verified: true }, 'hosted_domain'],
  [{ hd: 'sub.school.example' }, 'hosted_domain'],
  [{ hd: ['school.example'] }, 'hosted_domain'],
])('Google: an account with %j ends as %s', async (person, end) => {
  const settings: SettingsInput = {
    tenant: { kind: 'google', domains: ['School.example', 'other.example'] },
  };
  const world = await openWorld({ settings });
  world.provider.person = { sub: 'subject-1', ...person };
  const started = await world.start();
  expect(new URL(started.location).searchParams.get('hd')).toBe('*');
  expect(ending(await world.receive(started))).toBe(end);
});

test('a tenant rule is held against the ID Token alone, whatever UserInfo says', async () => {
  const settings: SettingsInput = { userInfo: true, tenant: { kind: 'google', domains: ['school.example'] } };
  const world = await openWorld({ settings });
  world.provider.lies = { userInfo: (claims) => ({ ...claims, hd: 'school.example' }) };
  expect(ending(await world.signIn())).toBe('hosted_domain');
});

test('UserInfo adds what the ID Token lacks, and overrules nothing of it', async () => {
  const world = await openWorld({ settings: { userInfo: true, claims: { groups: 'realm_access.roles' } } });
  world.provider.lies = {
    userInfo: () => ({
      sub: 'subject-1',
      name: 'Somebody Else',
      given_name: 'Ada',
      iss: 'https://evil.example',
      realm_access: { roles: ['teacher', 'staff', 'teacher'] },
    }),
  };
  const result = await world.signIn();
  expect(result).toMatchObject({
    accepted: true,
    signedIn: {
      issuer: world.provider.issuer,
      name: 'Ada Lovelace',
      givenName: 'Ada',
      groups: ['teacher', 'staff'],
    },
  });
});

test.each<[string, (world: Awaited<ReturnType<typeof openWorld>>['provider']) => void, string]>([
  [
    'speaks of another person',
    (provider) => (provider.lies = { userInfo: () => ({ sub: 'subject-2' }) }),
    'user_info_subject',
  ],
  ['names nobody', (provider) => (provider.lies = { userInfo: () => ({}) }), 'user_info_subject'],
  [
    'is a signed token',
    (provider) => (provider.lies = { serve: { userinfo: (response) => void response.end('a.b.c') } }),
    'user_info_invalid',
  ],
  ['is a list', (provider) => (provider.lies = { userInfo: () => [] as never }), 'user_info_invalid'],
  [
    'refuses',
    (provider) => (provider.lies = { serve: { userinfo: (response) => void response.writeHead(401).end() } }),
    'user_info_invalid',
  ],
  [
    'fails',
    (provider) => (provider.lies = { serve: { userinfo: (response) => void response.writeHead(500).end() } }),
    'user_info_unreachable',
  ],
  [
    'is not there',
    (provider) =>
      (provider.lies = { discovery: (document) => ({ ...document, userinfo_endpoint: undefined }) }),
    'user_info_invalid',
  ],
])('a sign-in that wants UserInfo is refused where it %s', async (_name, lie, reason) => {
  const world = await openWorld({ settings: { userInfo: true } });
  lie(world.provider);
  expect(ending(await world.signIn())).toBe(reason);
});

test('what is said of a person becomes attributes; what is said of the token does not', async () => {
  const world = await openWorld();
  world.provider.person = {
    ...{
      sub: 's',
      locale: 'de',
      email: 'x@y.example',
      email_verified: false,
      groups: ['a', 7, null, { name: 'b' }],
    },
    __proto__: null,
    address: { street: { name: 'x', deep: { deeper: { deepest: 1 } } } },
    big: 'x'.repeat(4_001),
  };
  const result = await world.signIn();
  expect(result.accepted && result.signedIn).toMatchObject({
    locale: 'de',
    groups: ['a', '7'],
    attributes: {
      sub: ['s'],
      locale: ['de'],
      email_verified: ['false'],
      groups: ['a', '7'],
      'groups.name': ['b'],
      'address.street.name': ['x'],
    },
  });
  const names = result.accepted ? Object.keys(result.signedIn.attributes) : [];
  expect(names).not.toContain('email');
  expect(names).not.toContain('big');
  expect(names.filter((name) => /^(iss|aud|exp|iat|nonce|at_hash|sid)$/.test(name))).toEqual([]);
  expect(names.filter((name) => name.includes('deepest'))).toEqual([]);
  expect(result.accepted && result.signedIn.email).toBeUndefined();
});

test.each([false, 'false'])('an address with email_verified %j is nobody’s', async (verified) => {
  const world = await openWorld({ settings: { userInfo: true } });
  world.provider.lies = {
    userInfo: () => ({ sub: 'subject-1', email: 'head@school.example', email_verified: verified }),
  };
  world.provider.person = { sub: 'subject-1' };
  const result = await world.signIn();
  expect(result.accepted && [result.signedIn.email, result.signedIn.attributes.email]).toEqual([
    undefined,
    undefined,
  ]);
});

test('lists in lists are read as far as somebody’s groups may lie, and no further', async () => {
  const world = await openWorld();
  const lists = `${'['.repeat(40_000)}"x"${']'.repeat(40_000)}`;
  world.provider.lies = {
    sign: (header, claims) =>
      new CompactSign(
        Buffer.from(
          JSON.stringify({ ...claims, groups: [['a']], lists: 0 }).replace('"lists":0', `"lists":${lists}`),
        ),
      )
        .setProtectedHeader(header as { alg: string })
        .sign(world.provider.key.privateKey),
  };
  const result = await world.signIn();
  expect(result.accepted && result.signedIn.groups).toEqual(['a']);
  expect(result.accepted && result.signedIn.attributes.lists).toBeUndefined();
});
