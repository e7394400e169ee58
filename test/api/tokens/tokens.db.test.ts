import { expect, test } from 'vitest';
import { apiScopes } from '../../../contracts/http/scopes.ts';
import { type ApiTokenId, newId } from '../../../contracts/ids.ts';
import { hashToken } from '../../../src/api/tokens/token.ts';
import {
  createApiToken,
  listApiTokens,
  readApiToken,
  revokeApiToken,
} from '../../../src/api/tokens/tokens.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';

const { database, superuser } = await createTestDatabase();
const start = Date.UTC(2026, 10, 21, 8);
const day = 86_400_000;
const by = { actor: 'test', now: start };
const create = (given: object = {}) =>
  database.withHub((tx) => createApiToken(tx, { name: 'Portal', scopes: ['rosters:read'], ...given }, by));
const find = async (tokenId: string) =>
  (await database.withHub(listApiTokens)).find((each) => each.tokenId === tokenId)!;

test('a token has 32 random bytes, and only its hash is kept', async () => {
  const { apiToken, token } = await create();
  expect(token).toMatch(/^gatehouse_[\w-]{43}$/);
  expect((await create()).token).not.toBe(token);
  const { rows } = await superuser.query('select * from api_token where token_id = $1', [apiToken.tokenId]);
  expect(rows[0].token_hash).toEqual(hashToken(token));
  expect(JSON.stringify(rows)).not.toContain(token);
  const events = await superuser.query('select * from audit_event natural join audit_value');
  expect(JSON.stringify(events.rows)).not.toContain(token.slice(10));
  expect(events.rows.map(({ action }) => action)).toContain('api_token.created');
});

test('a token is read until it ends, to the millisecond', async () => {
  const { apiToken, token } = await create({ days: 2 });
  expect(await readApiToken(database, token, start + 2 * day - 1)).toMatchObject({
    ok: true,
    apiToken: { tokenId: apiToken.tokenId },
  });
  const late = await readApiToken(database, token, start + 2 * day);
  expect(late).toEqual({ ok: false, refusal: 'token_expired' });
});

test('a token that is unknown, even by one letter, is none', async () => {
  const { token } = await create();
  const other = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
  for (const wrong of [other, token.toUpperCase(), '', 'gatehouse_', hashToken(token).toString('hex')]) {
    expect(await readApiToken(database, wrong, start)).toEqual({ ok: false, refusal: 'token_invalid' });
  }
});

test('a revoked token is refused from the next reading on, and is revoked once', async () => {
  const { apiToken, token } = await create();
  expect((await readApiToken(database, token, start)).ok).toBe(true);
  const later = { actor: 'test', now: start + 5, reason: 'Lost' };
  const revoked = await database.withHub((tx) => revokeApiToken(tx, apiToken.tokenId, later));
  expect(revoked.revokedAt).toEqual(new Date(start + 5));
  expect(await readApiToken(database, token, start + 6)).toEqual({ ok: false, refusal: 'token_invalid' });
  const again = await database.withHub((tx) =>
    revokeApiToken(tx, apiToken.tokenId, { ...later, now: start + 9 }),
  );
  expect(again.revokedAt).toEqual(new Date(start + 5));
  const { rows } = await superuser.query(
    `select count(*)::int as count from audit_event where action = 'api_token.revoked' and subject = $1`,
    [`api-token:${apiToken.tokenId}`],
  );
  expect(rows).toEqual([{ count: 1 }]);
  const unknown = database.withHub((tx) => revokeApiToken(tx, newId<ApiTokenId>(), by));
  await expect(unknown).rejects.toMatchObject({ kind: 'not_found', code: 'api_token_unknown' });
});

test('the last use is noted to the minute', async () => {
  const { apiToken, token } = await create();
  await readApiToken(database, token, start + 1_000);
  await readApiToken(database, token, start + 59_000);
  expect((await find(apiToken.tokenId)).lastUsedAt).toEqual(new Date(start + 1_000));
  await readApiToken(database, token, start + 62_000);
  expect((await find(apiToken.tokenId)).lastUsedAt).toEqual(new Date(start + 62_000));
});

test.each([
  [{ name: ' ' }, 'name'],
  [{ scopes: [] }, 'scopes'],
  [{ scopes: ['everything'] }, 'scopes'],
  [{ days: 0 }, 'days'],
  [{ days: 4000 }, 'days'],
  [{ onlyTenantId: 'northfield' }, 'onlyTenantId'],
])('a token of %j is refused', async (given, field) => {
  const refused = create(given);
  await expect(refused).rejects.toMatchObject({ kind: 'input', code: 'api_token_invalid' });
  await expect(refused).rejects.toThrow(field);
});

test('scopes that are given twice count once', async () => {
  const { apiToken } = await create({ scopes: [...apiScopes, ...apiScopes] });
  expect(apiToken.scopes).toEqual(apiScopes);
});

test('tokens are the hub’s: no tenant sees one, also not one that is for it alone', async () => {
  const tenant = await createTenant(database, { slug: 'north', name: 'North' }, by);
  const { apiToken } = await create({ onlyTenantId: tenant.tenantId });
  expect(apiToken.onlyTenantId).toBe(tenant.tenantId);
  const seen = await database.withTenant(tenant.tenantId, (tx) =>
    listApiTokens({ ...tx, scope: 'hub', tenantId: apiToken.onlyTenantId! }),
  );
  expect(seen).toEqual([]);
});
