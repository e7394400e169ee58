import { expect, test } from 'vitest';
import { readApiToken } from '../../../src/api/tokens/tokens.ts';
import { createTestDatabase } from '../../support/database.ts';
import { clock, createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { done, hub, makeTenant } = createCommandLine(testDatabase);

const words = ['api-token', 'create', '--name', 'Portal', '--scope', 'rosters:read'];

test('a token is made, shown once, listed without itself, and ended', async () => {
  const slug = await makeTenant();
  const { out } = await hub([...words, '--tenant', slug, '--scope', 'rosters:write', '--reason', 'Agreed']);
  expect(out).toContain('shown this once');
  expect(out).toContain('https://hub.example/api/openapi.json');
  const token = /gatehouse_[\w-]{43}/.exec(out)![0];
  expect(await readApiToken(testDatabase.database, token, clock.now())).toMatchObject({
    ok: true,
    apiToken: { scopes: ['rosters:read', 'rosters:write'] },
  });
  const listed = await hub(['api-token', 'list']);
  expect(listed.out).toMatch(new RegExp(`Portal +rosters:read rosters:write +${slug} +active`));
  expect(listed.out).not.toContain(token.slice(10));
  const { apiTokens } = await done('api-token', 'list');
  expect(apiTokens[0]).toMatchObject({
    tenant: slug,
    state: 'active',
    lastUsedAt: '2025-09-01T00:00:00.000Z',
  });
  expect(JSON.stringify(apiTokens)).not.toContain(token.slice(10));
  const ended = await hub(['api-token', 'revoke', apiTokens[0].tokenId]);
  expect(ended.out).toBe('"Portal" is refused from now on.\n');
  expect(await readApiToken(testDatabase.database, token, clock.now())).toMatchObject({ ok: false });
  expect((await done('api-token', 'list')).apiTokens[0].state).toBe('revoked');
});

test('a token without a tenant reaches every one, and lives 90 days', async () => {
  const { apiToken, token } = await done(...words);
  expect(apiToken).toMatchObject({ tenant: null, expiresAt: '2025-11-30T00:00:00.000Z', revokedAt: null });
  expect(token).toMatch(/^gatehouse_/);
});

test.each([
  [['create', '--name', 'x'], 'Missing: --scope <scope>'],
  [['create', '--name', 'x', '--scope', 'rosters:reed'], 'Did you mean "rosters:read"?'],
  [['create', '--name', 'x', '--scope', 'rosters:read', '--days', 'many'], '--days must be a whole number'],
  [['revoke', 'portal'], '<id> must be an id'],
  [['create', '--token', 'x'], 'There is no option --token here'],
  [['lst'], 'Did you mean "api-token list"?'],
])('api-token %j is refused before anything is opened', async (given, complaint) => {
  const said = await hub(['api-token', ...given]);
  expect(said).toMatchObject({ exitCode: 2, opened: 0 });
  expect(said.err).toContain(complaint);
});

test('what cannot be is refused by name', async () => {
  expect(await hub([...words, '--days', '0'])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('--days: A token lives for a day at least'),
  });
  expect(await hub([...words, '--tenant', 'nobody'])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('nobody'),
  });
  expect(await hub(['api-token', 'revoke', '0199c5a4-0000-7000-8000-000000000000'])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('There is no API token'),
  });
});
