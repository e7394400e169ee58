import { expect, test } from 'vitest';
import { newHandle } from '../../../src/platform/handle.ts';
import { send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { expectRefused, launchSentOn, openLogins, reasonOf } from '../../support/launch-rows.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const other = await world.addCopy();
const { tenantId } = world.tenants.northside;

async function countStarted(): Promise<number> {
  const { rows } = await testDatabase.superuser.query('select count(*)::int as count from lti_hint');
  return rows[0].count;
}

test('a state that was never issued is refused', async () => {
  const answered = await answerLogin(world);
  const { rows } = await testDatabase.superuser.query(
    'select connection_id from lti_registration where tenant_id = $1',
    [tenantId],
  );
  for (const state of ['', 'x', newHandle(rows[0].connection_id), newHandle(crypto.randomUUID())]) {
    await expectRefused(
      testDatabase,
      await postLaunch(world, answered, { fields: { state } }),
      'state_unknown',
      tenantId,
    );
  }
  expect(await openLogins(testDatabase, answered)).toBe(1);
});

test('a launch without a state in its body is refused', async () => {
  const { action, fields } = await answerLogin(world);
  const form = { id_token: fields.id_token! };
  for (const address of [action, `${action}?state=${fields.state}`]) {
    await expectRefused(testDatabase, await send(address, { form }), 'state_unknown', tenantId);
  }
});

test('an answer that was taken is refused when it is posted again', async () => {
  const answered = await answerLogin(world);
  expect((await postLaunch(world, answered)).status).toBe(303);
  await expectRefused(testDatabase, await postLaunch(world, answered), 'state_unknown', tenantId);
});

test('an answer that was taken by one copy is refused by another', async () => {
  const answered = await answerLogin(world);
  expect((await postLaunch(world, answered)).status).toBe(303);
  await expectRefused(
    testDatabase,
    await postLaunch(world, answered, { copy: other }),
    'state_unknown',
    tenantId,
  );
});

test('a login begun at one copy goes on at another', async () => {
  const answered = await answerLogin(world, { copy: other });
  expect((await postLaunch(world, answered)).status).toBe(303);
});

test('of twenty posts of one answer at once, one goes on', async () => {
  const answered = await answerLogin(world);
  const before = await countStarted();
  const answers = await Promise.all(Array.from({ length: 20 }, () => postLaunch(world, answered)));
  expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  const refused = answers.filter(({ status }) => status !== 303);
  expect(refused.map(({ body }) => reasonOf(body))).toEqual(Array(19).fill('state_unknown'));
  expect(await countStarted()).toBe(before + 1);
});

test('of twenty posts of one answer at once to two copies, one goes on', async () => {
  const answered = await answerLogin(world);
  const before = await countStarted();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => postLaunch(world, answered, i % 2 === 0 ? {} : { copy: other })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(19).fill(400)]);
  expect(await countStarted()).toBe(before + 1);
});

test('a token answers only the login whose nonce it carries', async () => {
  const [first, second] = [await answerLogin(world), await answerLogin(world)];
  const swapped = { state: second.fields.state!, id_token: first.fields.id_token! };
  const refused = await postLaunch(world, second, { fields: swapped });
  await expectRefused(testDatabase, refused, 'nonce_mismatch', tenantId);
  expect(await openLogins(testDatabase, second)).toBe(0);
  expect((await postLaunch(world, first)).status).toBe(303);
});

test('a token that was taken answers no later login', async () => {
  const first = await answerLogin(world);
  await postLaunch(world, first);
  const second = await answerLogin(world);
  const refused = await postLaunch(world, second, { fields: { id_token: first.fields.id_token! } });
  await expectRefused(testDatabase, refused, 'nonce_mismatch', tenantId);
});

test('a person who comes twice is one person, in one course', async () => {
  const [first, second] = [await answerLogin(world), await answerLogin(world)];
  const launches = [
    await launchSentOn(testDatabase, await postLaunch(world, first)),
    await launchSentOn(testDatabase, await postLaunch(world, second)),
  ];
  expect(launches[0]!.launch_id).not.toBe(launches[1]!.launch_id);
  expect(launches[0]!.person_id).toBe(launches[1]!.person_id);
  expect(launches[0]!.context_id).toBe(launches[1]!.context_id);
});

test('a class that arrives at once, each for the first time, shares one course and is one person each', async () => {
  const people = ['rb-larsen', 'rb-adeyemi', 'rb-chen', 'rb-haddad', 'rb-rossi', 'rb-kowalski', 'rb-chen'];
  const answered = await Promise.all(
    people.map((person) => answerLogin(world, { person, link: 'rb-histogram-workshop' })),
  );
  const launched = await Promise.all(
    answered.map((each, i) => postLaunch(world, each, i % 2 === 0 ? {} : { copy: other })),
  );
  const rows = [];
  for (const each of launched) rows.push(await launchSentOn(testDatabase, each));
  expect(new Set(rows.map((row) => row.context_id)).size).toBe(1);
  expect(new Set(rows.map((row) => row.person_id)).size).toBe(6);
  const { rows: kept } = await testDatabase.superuser.query(
    'select person_id from person where tenant_id = $1',
    [world.tenants.riverbend.tenantId],
  );
  expect(kept).toHaveLength(6);
});

test('a login lives five minutes, though its token may still be good', async () => {
  const [early, late] = [await answerLogin(world), await answerLogin(world)];
  world.clock.advance(290_000);
  expect((await postLaunch(world, early)).status).toBe(303);
  world.clock.advance(40_000);
  await expectRefused(testDatabase, await postLaunch(world, late), 'state_expired', tenantId);
  expect(await openLogins(testDatabase, late)).toBe(0);
});
