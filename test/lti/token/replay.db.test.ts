import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { purgeExpired } from '../../../src/health/store.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { createPublishedKey } from '../signing-key.ts';
import { addToolClient, formOf, post, signAssertion } from './tool-client.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const one = await world.addCopy();
const two = await world.addCopy();
const client = await addToolClient(testDatabase);

const used = { status: 401, body: { error: 'invalid_client', reason: 'assertion_used' } };

test('an assertion gets one token, at whichever copy it is shown again', async () => {
  const form = formOf(await signAssertion(world, client));
  expect((await post(one, form)).status).toBe(200);
  expect(await post(one, form)).toMatchObject(used);
  expect(await post(two, form)).toMatchObject(used);
});

test('of twenty requests with one assertion at once to two copies, one gets a token', async () => {
  const form = formOf(await signAssertion(world, client));
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_, i) => post(i % 2 === 0 ? one : two, form)),
  );
  expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(401)]);
  expect(replies.filter(({ body }) => body.reason === 'assertion_used')).toHaveLength(19);
});

test('a jti counts once for a tool, in whatever else its assertions differ', async () => {
  const jti = randomUUID();
  const now = Math.floor(world.clock.now() / 1000);
  expect((await post(one, formOf(await signAssertion(world, client, { jti })))).status).toBe(200);
  const again = await signAssertion(world, client, { jti, aud: world.hubUrl, exp: now + 3000 });
  expect(await post(two, formOf(again))).toMatchObject(used);
});

test('two tools may use the same jti', async () => {
  const other = await addToolClient(testDatabase);
  const jti = randomUUID();
  for (const each of [client, other]) {
    expect((await post(one, formOf(await signAssertion(world, each, { jti })))).status).toBe(200);
  }
});

test('an assertion that does not prove its tool uses up no jti', async () => {
  const jti = randomUUID();
  const forger = { tool: client.tool, key: createPublishedKey('tool-key') };
  expect((await post(one, formOf(await signAssertion(world, forger, { jti })))).status).toBe(401);
  expect((await post(one, formOf(await signAssertion(world, client, { jti })))).status).toBe(200);
});

test('an assertion for which no scope is allowed is used up all the same', async () => {
  const assertion = await signAssertion(world, client);
  expect((await post(one, formOf(assertion, { scope: 'nothing' }))).body.error).toBe('invalid_scope');
  expect(await post(two, formOf(assertion))).toMatchObject(used);
});

test('the purge forgets no assertion that could still be taken', async () => {
  const { database, superuser } = testDatabase;
  const now = Math.floor(world.clock.now() / 1000);
  const form = formOf(await signAssertion(world, client, { exp: now - 30 }));
  expect((await post(one, form)).status).toBe(200);
  const old = formOf(await signAssertion(world, client));
  expect((await post(one, old)).status).toBe(200);
  await database.withRollup((tx) => purgeExpired(tx, 100));
  expect(await post(two, form)).toMatchObject(used);
  await superuser.query(`update tool_assertion set expires_at = now() - interval '1 second'`);
  await database.withRollup((tx) => purgeExpired(tx, 100));
  const { rows } = await superuser.query('select count(*)::int as count from tool_assertion');
  expect(rows[0].count).toBe(0);
});
