import { expect, test } from 'vitest';
import { newId, type ToolId } from '../../../contracts/ids.ts';
import type { BearerReading } from '../../../src/lti/token/access-token.ts';
import { readGrant, requireScope } from '../../../src/lti/token/bearer.ts';

const grant = {
  toolId: newId<ToolId>(),
  clientId: 'c',
  scopes: ['score', 'lineitem'],
  deploymentId: undefined,
};
const reading = (answer: BearerReading) => ({ read: async () => answer });

test('a good token gives its grant', async () => {
  const headers = { authorization: 'Bearer x' };
  expect(await readGrant({ headers }, reading({ ok: true, grant }))).toBe(grant);
});

test.each(['token_missing', 'token_invalid', 'token_expired'] as const)('%s is told', async (refusal) => {
  await expect(readGrant({ headers: {} }, reading({ ok: false, refusal }))).rejects.toMatchObject({
    kind: 'unauthenticated',
    code: refusal,
  });
});

test('one of several scopes is enough', () => {
  expect(() => requireScope(grant, ['lineitem.readonly', 'lineitem'])).not.toThrow();
});

test('a scope that only begins the same is not enough, and the least one is named', () => {
  const refused = { kind: 'forbidden', code: 'insufficient_scope', details: { scope: 'lineitem.readonly' } };
  const only = { ...grant, scopes: ['score'] };
  expect(() => requireScope(only, ['lineitem.readonly', 'lineitem'])).toThrow(
    expect.objectContaining(refused),
  );
  expect(() => requireScope({ ...grant, scopes: ['lineitem'] }, ['lineitem.readonly'])).toThrow(
    expect.objectContaining(refused),
  );
});
