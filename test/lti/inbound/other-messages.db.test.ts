import { expect, onTestFinished, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { ltiClaim, opaqueId } from '../../../src/demo/lms/claims.ts';
import { claim } from '../../../src/lti/claims.ts';
import { setPolicy } from '../../../src/privacy/policies.ts';
import { templates } from '../../../src/privacy/templates.ts';
import { claimsToldTo } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { expectRefused } from '../../support/launch-rows.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const { tenantId } = world.tenants.northside;
const teacher = { person: 'ns-okafor', link: 'ns-cell-lab' };
const lms = 'https://lms.example/courses/7';
const endpoint = {
  scope: [agsScope.lineItem, agsScope.score],
  lineitems: `${lms}/items`,
  lineitem: `${lms}/items/1`,
};
const learner = {
  user_id: opaqueId('sub', 'ns-nwosu'),
  person_sourcedid: 'NSH-ns-nwosu',
  given_name: 'Amara',
  family_name: 'Nwosu',
  name: 'Amara Nwosu',
  email: 'amara.nwosu@northside.example',
  roles: ['Learner'],
};

const changing = (changes: Record<string, unknown>) => ({
  tampering: { claims: (claims: Record<string, unknown>) => ({ ...claims, ...changes }) },
});
const review = (changes: Record<string, unknown> = {}) =>
  changing({
    [ltiClaim('message_type')]: 'LtiSubmissionReviewRequest',
    [claim.agsEndpoint]: endpoint,
    [claim.forUser]: learner,
    ...changes,
  });
const privacy = (changes: Record<string, unknown> = {}) =>
  changing({
    [ltiClaim('message_type')]: 'DataPrivacyLaunchRequest',
    [ltiClaim('resource_link')]: undefined,
    [ltiClaim('context')]: undefined,
    [ltiClaim('roles')]: ['http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator'],
    ...changes,
  });

async function withPolicy(name: keyof typeof templates) {
  const put = (rules: keyof typeof templates) =>
    database.withTenant(tenantId, (tx) => setPolicy(tx, world.tool.toolId, templates[rules], by()));
  await put(name);
  world.first.lti.forgetAll();
  onTestFinished(async () => {
    await put('names_and_email');
    world.first.lti.forgetAll();
  });
}

test('a submission review goes on with the hub’s line item, and names the learner as launches do', async () => {
  const { sub } = await claimsToldTo(world);
  const told = await claimsToldTo(world, { ...teacher, ...review() });
  expect(told[claim.messageType]).toBe('LtiSubmissionReviewRequest');
  expect(told.sub).not.toBe(sub);
  expect(told[claim.forUser]).toEqual({
    user_id: sub,
    name: 'Amara Nwosu',
    given_name: 'Amara',
    family_name: 'Nwosu',
    email: 'amara.nwosu@northside.example',
    roles: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
  });
  const { lineitem } = told[claim.agsEndpoint] as { lineitem: string };
  expect(lineitem).toMatch(
    new RegExp(`^${world.hubUrl}/t/northside/ags/[0-9a-f-]{36}/lineitems/[0-9a-f-]{36}$`),
  );
  expect(JSON.stringify(told)).not.toContain('lms.example');
  expect(JSON.stringify(told)).not.toContain(learner.user_id);
});

test('what the policy keeps back of people, it keeps back of the learner too', async () => {
  await withPolicy('anonymous');
  const told = await claimsToldTo(world, { ...teacher, ...review() });
  expect(Object.keys(told[claim.forUser] as object).sort()).toEqual(['roles', 'user_id']);
  expect(JSON.stringify(told)).not.toMatch(/Amara|Nwosu/);
});

test('a learner who has never launched is met, and is the same when they do', async () => {
  const stranger = opaqueId('sub', 'ns-castillo');
  const told = await claimsToldTo(world, {
    ...teacher,
    ...review({ [claim.forUser]: { user_id: stranger } }),
  });
  const launched = await claimsToldTo(world, { person: 'ns-castillo', link: 'ns-cell-lab' });
  expect(told[claim.forUser]).toEqual({ user_id: launched.sub, roles: [] });
});

test.each([
  ['longer than an id may be', 'x'.repeat(300)],
  ['a variable that is not filled in', '$Person.sourcedId'],
])('a learner’s id at the SIS that is %s is none, and the review goes on', async (_what, sourcedId) => {
  const user_id = opaqueId('sub', `stranger ${sourcedId.length}`);
  const forUser = { user_id, person_sourcedid: sourcedId };
  const told = await claimsToldTo(world, { ...teacher, ...review({ [claim.forUser]: forUser }) });
  expect(told[claim.forUser]).toEqual({ user_id: expect.any(String), roles: [] });
  const { rows } = await superuser.query('select claimed_id from person_link where subject = $1', [user_id]);
  expect(rows).toEqual([{ claimed_id: null }]);
});

test('a submission of a column that belongs to no link is reviewed too, and its line item to no link that is not', async () => {
  const lineitem = `${lms}/items/of-no-link`;
  const told = await claimsToldTo(world, {
    ...teacher,
    ...review({ [ltiClaim('resource_link')]: undefined, [claim.agsEndpoint]: { ...endpoint, lineitem } }),
  });
  expect(told[claim.resourceLink]).toBeUndefined();
  expect(told[claim.agsEndpoint]).toHaveProperty('lineitem');
  const { rows } = await superuser.query('select resource_link_id from line_item where lms_url = $1', [
    lineitem,
  ]);
  expect(rows).toEqual([{ resource_link_id: null }]);
});

test.each([
  ['for whom', { [claim.forUser]: undefined }, 'for_user_missing'],
  ['a user id', { [claim.forUser]: { name: 'Somebody' } }, 'for_user_missing'],
  ['a line item', { [claim.agsEndpoint]: { ...endpoint, lineitem: undefined } }, 'review_line_item_missing'],
  [
    'a line item that is an address',
    { [claim.agsEndpoint]: { ...endpoint, lineitem: 'javascript:alert(1)' } },
    'review_line_item_missing',
  ],
  ['the course', { [ltiClaim('context')]: undefined }, 'review_context_missing'],
  ['the grade service', { [claim.agsEndpoint]: undefined }, 'review_line_item_missing'],
  ['roles', { [ltiClaim('roles')]: undefined }, 'roles_missing'],
  ['a subject', { sub: undefined }, 'sub_missing'],
] as const)('a submission review without %s is refused', async (_what, changes, code) => {
  const refused = await postLaunch(world, await answerLogin(world, { ...teacher, ...review(changes) }));
  await expectRefused(testDatabase, refused, code, tenantId);
});

test.each(['DataPrivacyLaunchRequest', 'LtiDataPrivacyLaunchRequest'])(
  'a data privacy launch (%s) opens no link and is of no course',
  async (type) => {
    const told = await claimsToldTo(world, {
      ...teacher,
      ...privacy({ [ltiClaim('message_type')]: type, [claim.forUser]: { id: learner.user_id } }),
    });
    expect(told[claim.messageType]).toBe(type);
    for (const name of [claim.resourceLink, claim.context, claim.agsEndpoint])
      expect(told).not.toHaveProperty(name);
    const { sub } = await claimsToldTo(world);
    expect(told[claim.forUser]).toEqual({ user_id: sub, roles: [] });
    expect(told[claim.roles]).toEqual(['http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator']);
  },
);

test('a data privacy launch may be anonymous and about nobody in particular', async () => {
  const told = await claimsToldTo(world, {
    ...teacher,
    ...privacy({
      sub: undefined,
      name: undefined,
      given_name: undefined,
      family_name: undefined,
      email: undefined,
    }),
  });
  expect(told.sub).toBeUndefined();
  expect(told).not.toHaveProperty(claim.forUser);
});
