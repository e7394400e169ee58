import { expect, test } from 'vitest';
import { apiScopes } from '../../../contracts/http/scopes.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';

const world = createApiWorld(await createTestDatabase());
const { token } = await world.makeToken();
const school = await world.addSchool();

test('a token is shown once, does what it is for where it is for, and ends at once', async () => {
  const { call } = await world.open();
  const body = { name: 'Nightly', scopes: ['rosters:read'], tenant: school.slug, days: 7, reason: 'Check' };
  const made = await call('createToken', { token, body });
  expect(made.body.apiToken).toMatchObject({ name: 'Nightly', tenant: school.slug, state: 'active' });
  const program = made.body.token;
  const list = () => call('listRosters', { token: program, params: { slug: school.slug } });
  expect((await list()).status).toBe(200);
  const listed = await call('listTokens', { token });
  expect(listed.text).not.toContain(program);
  const shown = listed.body.tokens.find(
    ({ tokenId }: { tokenId: string }) => tokenId === made.body.apiToken.tokenId,
  );
  expect(shown).toMatchObject({ name: 'Nightly', lastUsedAt: expect.any(String) });
  const params = { tokenId: made.body.apiToken.tokenId };
  const revoked = await call('revokeToken', { token, params, body: { reason: 'Over' } });
  expect(revoked.body.apiToken.state).toBe('revoked');
  expect((await list()).body.code).toBe('token_invalid');
});

test('tokens come page by page, the newest first, each once', async () => {
  const { call } = await world.open();
  const all = (await call('listTokens', { token })).body;
  expect(all.next).toBeNull();
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const query: Record<string, string> = { limit: '1', ...(after === null ? {} : { after }) };
    const { body } = await call('listTokens', { token, query });
    seen.push(...body.tokens.map(({ tokenId }: { tokenId: string }) => tokenId));
    after = body.next;
  } while (after !== null);
  expect(seen).toEqual(all.tokens.map(({ tokenId }: { tokenId: string }) => tokenId));
  expect(seen).toEqual(seen.toSorted().toReversed());
});

test('nobody makes a token that may do what they may not', async () => {
  const { call } = await world.open();
  const { token: small } = await world.makeToken({ scopes: ['tokens:write', 'rosters:write'] });
  const make = (scopes: string[]) => call('createToken', { token: small, body: { name: 'X', scopes } });
  expect((await make(['rosters:read', 'tokens:read'])).status).toBe(201);
  for (const scope of apiScopes.filter((each) => !/^(tokens|rosters):/.test(each))) {
    expect(await make(['rosters:read', scope])).toMatchObject({
      status: 403,
      body: { code: 'scope_beyond_own', details: { scopes: [scope] } },
    });
  }
});

test.each([
  [{ name: '', scopes: ['rosters:read'] }, 400, 'request_invalid'],
  [{ name: 'X', scopes: [] }, 400, 'request_invalid'],
  [{ name: 'X', scopes: ['everything'] }, 400, 'request_invalid'],
  [{ name: 'X', scopes: ['rosters:read'], days: 3651 }, 400, 'request_invalid'],
  [{ name: 'X', scopes: ['rosters:read'], tenant: 'nowhere' }, 404, 'tenant_unknown'],
])('%o is refused with %i %s', async (body, status, code) => {
  const { call } = await world.open();
  expect(await call('createToken', { token, body })).toMatchObject({ status, body: { code } });
});
