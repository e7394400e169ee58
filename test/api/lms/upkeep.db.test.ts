import { expect, test } from 'vitest';
import { newId } from '../../../contracts/ids.ts';
import { registerTool } from '../../../src/tools/tools.ts';
import { createTestDatabase } from '../../support/database.ts';
import { loopbackAllowed } from '../../support/registrations.ts';
import { createApiWorld } from '../support/api-world.ts';
import { addWaitingDeployments } from '../support/deployment-rows.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = createApiWorld(testDatabase);
const { toolId } = await database.withHub((tx) =>
  registerTool(
    tx,
    {
      slug: 'upkeep',
      name: 'Upkeep',
      loginInitiationUrl: 'https://upkeep.example/login',
      targetLinkUri: 'https://upkeep.example/',
      redirectUris: ['https://upkeep.example/launch'],
    },
    loopbackAllowed,
    { actor: 'test', now: world.clock.now() },
  ),
);

async function openSchool() {
  const school = await world.addSchool();
  const { connectionId } = await addWaitingDeployments(testDatabase, school.tenantId, world.clock.now());
  const { call } = await world.open();
  return { ...school, connectionId, call, params: { slug: school.slug } };
}

/** Notices of a school, one in each state. */
async function addNotices(tenantId: string) {
  const ids: Record<string, string> = {};
  for (const state of ['waiting', 'delivered', 'dead']) {
    ids[state] = newId(world.clock.now());
    await superuser.query(
      `insert into lti_notice (tenant_id, notice_id, tool_id, source_hash, notice_type, content, occurred_at, state, tries,
         due_at, failure, created_at)
       values ($1, $2, $3, $4, 'LtiHelloWorldNotice', '{}', now(), $5, 3, $6, $7, now())`,
      [
        ...[tenantId, ids[state], toolId, Buffer.from(String(ids[state])), state],
        ...[state === 'waiting' ? new Date() : null, state === 'dead' ? 'timed_out' : null],
      ],
    );
  }
  return ids;
}

test('a key of LTI 1.1 is kept for a connection or a tool, replaced and forgotten; its secret is never told', async () => {
  const { token, params, connectionId, call } = await openSchool();
  const secret = 'never to be seen';
  const set = (body: object) => call('setLegacyKey', { token, params, body: { secret, ...body } });
  const first = await set({ connectionId, consumerKey: 'old' });
  expect(first).toMatchObject({ status: 200, body: { key: { holder: 'connection', consumerKey: 'old' } } });
  await set({ connectionId, consumerKey: 'new' });
  await set({ tool: 'upkeep', consumerKey: 'of the tool' });
  const listed = await call('listLegacyKeys', { token, params });
  expect(listed.body.keys).toMatchObject([
    { holder: 'connection', holderId: connectionId, consumerKey: 'new' },
    { holder: 'tool', holderId: toolId, consumerKey: 'of the tool' },
  ]);
  expect(first.text + listed.text).not.toContain(secret);
  const { rows } = await superuser.query('select t::text as row from lti_legacy_key t');
  expect(JSON.stringify(rows)).not.toContain(Buffer.from(secret).toString('hex'));
  const remove = () => call('removeLegacyKey', { token, params: { ...params, holderId: connectionId } });
  expect((await remove()).body.key).toMatchObject({ consumerKey: 'new' });
  expect(await remove()).toMatchObject({ status: 404, body: { code: 'legacy_key_unknown' } });
});

test.each([
  ['neither', {}],
  ['both', { connectionId: newId(0), tool: 'upkeep' }],
])('a key for %s of the two is refused', async (_name, holder) => {
  const { token, params, call } = await openSchool();
  const body = { consumerKey: 'k', secret: 's', ...holder };
  expect(await call('setLegacyKey', { token, params, body })).toMatchObject({
    status: 400,
    body: { code: 'request_invalid' },
  });
});

test('another school’s connection is none here, and its key is not forgotten', async () => {
  const [ours, theirs] = [await openSchool(), await openSchool()];
  const { connectionId } = theirs;
  const body = { connectionId, consumerKey: 'k', secret: 's' };
  await theirs.call('setLegacyKey', { token: theirs.token, params: theirs.params, body });
  const { token, params, call } = ours;
  const set = await call('setLegacyKey', { token, params, body });
  expect(set).toMatchObject({ status: 404, body: { code: 'registration_unknown' } });
  const removed = await call('removeLegacyKey', { token, params: { ...params, holderId: connectionId } });
  expect(removed).toMatchObject({ status: 404, body: { code: 'legacy_key_unknown' } });
  const kept = await theirs.call('listLegacyKeys', { token: theirs.token, params: theirs.params });
  expect(kept.body.keys).toHaveLength(1);
});

test('notices are listed by how they stand, and those that are dead are sent again, of this school alone', async () => {
  const [ours, theirs] = [await openSchool(), await openSchool()];
  const [own, foreign] = [await addNotices(ours.tenantId), await addNotices(theirs.tenantId)];
  const { token, params, call } = ours;
  const list = async (query: Record<string, string> = {}) =>
    (await call('listNotices', { token, params, query })).body.notices as { noticeId: string }[];
  expect((await list()).map(({ noticeId }) => noticeId).toSorted()).toEqual(Object.values(own).toSorted());
  expect(await list({ state: 'dead' })).toMatchObject([
    { noticeId: own.dead, tries: 3, failure: 'timed_out' },
  ]);
  const replay = (body: object) => call('replayNotices', { token, params, body });
  for (const noticeId of [foreign.dead, own.delivered])
    expect(await replay({ noticeId })).toMatchObject({ status: 404, body: { code: 'notice_unknown' } });
  expect((await replay({ noticeId: own.dead })).body).toEqual({ replayed: 1 });
  expect(await list({ state: 'dead' })).toEqual([]);
  expect((await replay({})).body).toEqual({ replayed: 0 });
  const theirDead = await theirs.call('listNotices', {
    ...{ token: theirs.token, params: theirs.params, query: { state: 'dead' } },
  });
  expect(theirDead.body.notices).toHaveLength(1);
});
