import { expect, test } from 'vitest';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { launchSentOn } from '../../support/launch-rows.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = await startHubWorld(testDatabase);

/** A launch with changed claims; gives its row. */
async function launch(changes: Record<string, unknown> = {}, person = 'ns-nwosu') {
  const tampering = { claims: (claims: Record<string, unknown>) => ({ ...claims, ...changes }) };
  return launchSentOn(testDatabase, await postLaunch(world, await answerLogin(world, { person, tampering })));
}

const personOf = async ({ person_id }: { person_id: string | null }) =>
  (await superuser.query('select name, given_name, email from person where person_id = $1', [person_id]))
    .rows[0];

test('a person keeps what the LMS said last, and what it leaves out stays', async () => {
  await launch();
  const renamed = await launch({ name: 'Amara N. Nwosu' });
  expect(await personOf(renamed)).toEqual({
    name: 'Amara N. Nwosu',
    given_name: 'Amara',
    email: 'amara.nwosu@northside.example',
  });
  const silent = await launch({ name: undefined, given_name: undefined, email: undefined });
  expect(silent.person_id).toBe(renamed.person_id);
  expect(await personOf(silent)).toMatchObject({ name: 'Amara N. Nwosu', given_name: 'Amara' });
});

test('a person of whom nothing is said is met as well, and known again', async () => {
  const [first, second] = [await launch({}, 'ns-fischer'), await launch({}, 'ns-fischer')];
  expect(first.person_id).toBe(second.person_id);
  expect(await personOf(first)).toEqual({ name: null, given_name: null, email: null });
});

test('a course that is renamed is the same course under its new name', async () => {
  const before = await launch();
  const { rows } = await superuser.query('select lms_context_id from lti_context where context_id = $1', [
    before.context_id,
  ]);
  const context = { id: rows[0].lms_context_id, label: 'BIO-10', title: 'Biology 10' };
  const after = await launch({ [ltiClaim('context')]: context });
  expect(after.context_id).toBe(before.context_id);
  const { rows: kept } = await superuser.query('select label, title from lti_context where context_id = $1', [
    before.context_id,
  ]);
  expect(kept).toEqual([{ label: 'BIO-10', title: 'Biology 10' }]);
});

test('a link that is renamed is the same link under its new name', async () => {
  const id = 'link-to-rename';
  await launch({ [ltiClaim('resource_link')]: { id, title: 'Old' } });
  await launch({ [ltiClaim('resource_link')]: { id, title: 'New' } });
  await launch({ [ltiClaim('resource_link')]: { id, title: 'New' } });
  const { rows } = await superuser.query(
    'select title from lti_resource_link where lms_resource_link_id = $1',
    [id],
  );
  expect(rows).toEqual([{ title: 'New' }]);
});

test('without a course, or without a person, a launch has none', async () => {
  expect(await launch({ [ltiClaim('context')]: undefined })).toMatchObject({ context_id: null });
  expect(await launch({ [ltiClaim('context')]: { title: 'No id' } })).toMatchObject({ context_id: null });
});

test('two persons are never taken for one, whatever they are called', async () => {
  const same = { name: 'A', given_name: 'A', family_name: 'A', email: 'a@a.example' };
  const [one, two] = [await launch({ ...same, sub: 'one' }), await launch({ ...same, sub: 'two' })];
  expect(one.person_id).not.toBe(two.person_id);
});
