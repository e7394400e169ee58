import { expect, test } from 'vitest';
import { cookiesOf } from '../../../connectors/oneroster-rest/cookies.ts';
import { oneRosterRest } from '../../../connectors/oneroster-rest/index.ts';
import { readAccess, settings } from '../../../connectors/oneroster-rest/settings.ts';
import { vendorIds } from '../../../connectors/oneroster-rest/vendors.ts';
import { secretNames } from '../../../contracts/connector.ts';
import { rowsOf } from '../../../src/demo/sis/oneroster/shelves.ts';
import { serve } from '../../platform/outbound/loopback-server.ts';
import { createSmallRoster } from '../../support/small-roster.ts';
import { manyOrgs, startRest } from './reading-rest.ts';

const source = rowsOf({ ...createSmallRoster(), categories: [], lineItems: [], results: [] });
const accessOf = (given: object) =>
  readAccess(
    settings.parse({ clientId: 'k', clientSecret: 's', tokenUrl: 'https://sis.example/token', ...given }),
  );

test('lists lie where the version has them, however the address was copied', () => {
  for (const baseUrl of [
    'https://sis.example/campus/api',
    'https://sis.example/campus/api/',
    'https://sis.example/campus/api/ims/oneroster',
    'https://sis.example/campus/api/ims/oneroster/rostering/v1p2/',
    'https://sis.example/campus/api/ims/oneroster/rostering/v1p2/orgs?limit=1',
  ]) {
    const { url } = accessOf({ baseUrl, version: '1.2' });
    expect(url('rostering', 'orgs')).toBe('https://sis.example/campus/api/ims/oneroster/rostering/v1p2/orgs');
    expect(url('gradebook', 'results')).toBe(
      'https://sis.example/campus/api/ims/oneroster/gradebook/v1p2/results',
    );
  }
  const { url } = accessOf({ baseUrl: 'https://sis.example/ims/oneroster/v1p1', version: '1.1' });
  expect(url('gradebook', 'results')).toBe('https://sis.example/ims/oneroster/v1p1/results');
});

test('settings that contradict each other are refused with what to change', () => {
  const codeOf = (given: object) => {
    try {
      return accessOf({ baseUrl: 'https://sis.example', ...given });
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(codeOf({ baseUrl: 'https://sis.example/ims/oneroster/v1p1', version: '1.2' })).toBe(
    'version_mismatch',
  );
  expect(codeOf({ version: '1.2', auth: 'oauth1-sha256' })).toBe('auth_mismatch');
  expect(codeOf({ tokenUrl: undefined })).toBe('token_url_missing');
  expect(codeOf({ clientId: '' })).toBe('client_id_missing');
  expect(secretNames(settings)).toEqual(['clientSecret', 'partnerKey']);
});

test('every vendor can be set, and a known token address need not be entered', () => {
  for (const vendor of vendorIds)
    expect(accessOf({ vendor, baseUrl: 'https://sis.example' }).pageSize).toBeGreaterThan(99);
  const aeries = accessOf({ vendor: 'aeries', baseUrl: 'https://sis.example/aeries', tokenUrl: undefined });
  expect(aeries.tokenUrl).toBe('https://sis.example/aeries/token');
  const sis = accessOf({
    vendor: 'powerschool',
    baseUrl: 'https://sis.example/ims/oneroster/v1p1',
    version: '1.1',
    tokenUrl: undefined,
  });
  expect(sis.tokenUrl).toBe('https://sis.example/oauth/access_token');
  const classroom = accessOf({
    vendor: 'powerschool-classroom',
    baseUrl: 'https://sis.example',
    tokenUrl: undefined,
  });
  expect(classroom.tokenUrl).toBe('https://accounts.powerschool.com/as/token.oauth2');
  const entered = accessOf({
    vendor: 'powerschool',
    baseUrl: 'https://sis.example',
    tokenUrl: 'https://sis.example/other',
  });
  expect(entered.tokenUrl).toBe('https://sis.example/other');
});

test('addresses as products show them, with a name of their own before OneRoster’s path, are kept', () => {
  const campus = 'https://sis.example/campus/api/oneroster/v1p2/district/ims/oneroster';
  for (const baseUrl of [campus, `${campus}/rostering/v1p2/`]) {
    const { url } = accessOf({ vendor: 'infinite-campus', baseUrl });
    expect(url('gradebook', 'results')).toBe(`${campus}/gradebook/v1p2/results`);
  }
  // The name is escaped already.
  const proxy = 'https://oneroster-proxy.example/MoYPlyQWmG0%3D/ims/oneroster/v1p1';
  const { url } = accessOf({ vendor: 'classlink', baseUrl: proxy, version: '1.1' });
  expect(url('rostering', 'orgs')).toBe(`${proxy}/orgs`);
});

test('a run asks for one token for each area, whatever lists it reads', async () => {
  const { open, sis } = await startRest({ source });
  const context = open();
  for (const entity of ['orgs', 'users', 'roles', 'enrollments', 'results', 'categories'] as const) {
    const request = { entity, mode: 'full', state: undefined, resumes: false } as const;
    for await (const _ of oneRosterRest.read(context, request));
  }
  expect(sis.tokens.issued()).toBe(2);
});

test('a read asks for one token, and for another one only when it is refused', async () => {
  const { read, sis } = await startRest({ source });
  await read('users');
  expect(sis.tokens.issued()).toBe(1);
  sis.faults.add({ kind: 'expired' }, { list: 'users', after: 2 });
  const { ids } = await read('users');
  expect(ids).toHaveLength(60);
  expect(sis.tokens.issued()).toBe(3);
});

test('a token is renewed before it ends', async () => {
  const { read, sis } = await startRest({ source, tokenSeconds: 20 });
  await read('users');
  expect(sis.tokens.issued()).toBe(1);
  // The host waits, by its own clock, so that a quarter of the token's life is left.
  sis.faults.add({ kind: 'busy', retryAfter: 15 }, { list: 'users', after: 2 });
  await read('users');
  expect(sis.tokens.issued()).toBe(3);
});

test('calls that are refused together ask for one token, so that none takes away another’s', async () => {
  const { read, sis } = await startRest({ source, modes: { links: false } });
  // The third page and the fourth are on their way with a token that has ended.
  sis.faults.add({ kind: 'meanwhile', do: sis.tokens.endAll }, { list: 'users', after: 1 });
  expect((await read('users')).ids).toHaveLength(60);
  expect(sis.tokens.issued()).toBe(2);
});

test('signed calls that are refused together for their clock are both tried again', async () => {
  let now = Date.now();
  const { read, sis } = await startRest({ source, now: () => now, modes: { links: false } }, '1.1');
  const leap = () => {
    now = Date.UTC(2026, 0, 1);
  };
  sis.faults.add({ kind: 'meanwhile', do: leap }, { list: 'users', after: 1 });
  expect((await read('users', { settings: { auth: 'oauth1-sha256' } })).ids).toHaveLength(60);
});

test('calls of 1.1 are signed, by either hash; or carry a token', async () => {
  const { read } = await startRest({ source }, '1.1');
  for (const auth of ['oauth1-sha1', 'oauth1-sha256', 'oauth2']) {
    expect((await read('users', { settings: { auth } })).ids, auth).toHaveLength(60);
  }
  const wrong = { auth: 'oauth1-sha256', clientSecret: 'wrong' };
  await expect(read('users', { settings: wrong })).rejects.toMatchObject({
    failure: 'settings',
    code: 'credentials_refused',
  });
});

test('a source whose clock is wrong is signed for by its own clock', async () => {
  const { read } = await startRest({ source, now: () => Date.UTC(2026, 0, 1) }, '1.1');
  expect((await read('users', { settings: { auth: 'oauth1-sha256' } })).ids).toHaveLength(60);
});

test('an access token that does not end is used as it is', async () => {
  const { read, sis } = await startRest({ source });
  const clientSecret = sis.tokens.issue(
    ['https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly'],
    Date.now(),
  );
  expect((await read('orgs', { settings: { auth: 'token', clientSecret } })).ids).toHaveLength(3);
  expect(sis.tokens.issued()).toBe(1);
});

test('where the source grants the core scope only, it is asked for alone', async () => {
  const { read } = await startRest({ source, scopes: ['roster-core.readonly'] });
  expect((await read('orgs')).ids).toHaveLength(3);
});

test('demographics and the gradebook that are not granted are a finding, and nothing is sealed', async () => {
  const { read, check } = await startRest({ source, scopes: ['roster-core.readonly', 'roster.readonly'] });
  for (const entity of ['demographics', 'results'] as const) {
    const { rows, codes, seal } = await read(entity);
    expect([rows, codes, seal]).toEqual([[], ['endpoint_refused'], undefined]);
  }
  expect((await check()).entities).not.toContain('demographics');
});

test('a 403 for demographics alone is the same finding', async () => {
  const { read, check, sis } = await startRest({ source, modes: { forbidden: new Set(['demographics']) } });
  expect((await read('demographics')).codes).toEqual(['endpoint_refused']);
  const { entities } = await check();
  expect(entities).toContain('results');
  expect(entities).not.toContain('demographics');
  expect(sis.calls.length).toBeLessThan(8);
});

test('a list that the source does not have is a finding where a roster is one without it', async () => {
  const { read } = await startRest({ source, modes: { missing: new Set(['demographics', 'categories']) } });
  for (const entity of ['demographics', 'categories'] as const) {
    const { rows, codes, seal } = await read(entity);
    expect([rows, codes, seal]).toEqual([[], ['endpoint_missing'], undefined]);
  }
});

test('a list without which there is no roster is a failure, with what to do', async () => {
  const { read, check, sis } = await startRest({ source, modes: { missing: new Set(['orgs']) } });
  await expect(read('orgs')).rejects.toMatchObject({ failure: 'settings', code: 'endpoint_not_found' });
  await expect(check()).rejects.toMatchObject({ failure: 'settings', code: 'endpoint_not_found' });
  Object.assign(sis.modes, { missing: new Set(), forbidden: new Set(['orgs']) });
  await expect(read('orgs')).rejects.toMatchObject({ failure: 'refused', code: 'access_refused' });
});

test('a 429 in plain text is waited out', async () => {
  const { read, sis } = await startRest({ source });
  sis.faults.add({ kind: 'busy', plain: true, retryAfter: 3 }, { list: 'users', after: 1, times: 2 });
  expect((await read('users')).ids).toHaveLength(60);
});

test('check names the product, the version and the place', async () => {
  const { check, discover } = await startRest({ source });
  const { source: name, entities, warnings } = await check({ vendor: 'skyward' });
  expect(name).toMatch(/^Skyward, OneRoster 1\.2, at 127\.0\.0\.1:\d+ \(Gatehouse simulated SIS\)$/);
  expect(entities).toContain('demographics');
  expect(warnings).toEqual([]);
  expect((await discover()).schools.map(({ sourcedId }) => sourcedId)).toEqual(['school-1', 'school-2']);
});

test('a source that shows no org says so at the check', async () => {
  const { check } = await startRest({ source: rowsOf({}) });
  expect((await check()).warnings).toHaveLength(1);
});

test('vendors get what they want besides: form fields, cookies, a partner key', async () => {
  const seen: { url: string; headers: Record<string, unknown>; body: string }[] = [];
  const { port } = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ url: request.url ?? '', headers: request.headers, body });
      response.setHeader('content-type', 'application/json');
      response.setHeader('x-total-count', '0');
      if (request.url?.endsWith('/token')) {
        response.setHeader('set-cookie', [
          'ARRAffinity=abc; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT',
          'S=1; HttpOnly',
        ]);
        response.end(JSON.stringify({ access_token: 't', token_type: 'Bearer' }));
      } else response.end(JSON.stringify({ orgs: [], categories: [] }));
    });
  });
  const { read } = await startRest({ source: rowsOf({ orgs: manyOrgs(1) }) });
  const baseUrl = `http://127.0.0.1:${port}`;
  const given = { baseUrl, tokenUrl: `${baseUrl}/token`, clientId: 'id', clientSecret: 'a b' };

  await read('orgs', { settings: { ...given, vendor: 'powerschool-classroom' } });
  expect(seen[0]).toMatchObject({ body: 'grant_type=client_credentials&client_id=id&client_secret=a+b' });
  expect(seen[0]?.headers.authorization).toBeUndefined();

  await read('orgs', { settings: { ...given, vendor: 'aeries' } });
  expect(seen[2]?.headers.authorization).toBe(`Basic ${Buffer.from('id:a+b').toString('base64')}`);
  expect(seen[3]?.headers.cookie).toBe('ARRAffinity=abc; S=1');
  expect(seen[1]?.headers.cookie).toBeUndefined();

  await read('categories', { settings: { ...given, vendor: 'infinite-campus', partnerKey: 'hub:key' } });
  expect(seen[5]?.headers['x-vendor-authorization']).toBe('hub:key');
  expect(seen[3]?.headers['x-vendor-authorization']).toBeUndefined();
});

test('cookies are told apart though dates hold commas', () => {
  expect(cookiesOf(undefined)).toBeUndefined();
  expect(cookiesOf('a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT, b=2;Path=/')).toBe('a=1; b=2');
});
