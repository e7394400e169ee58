import { expect, test } from 'vitest';
import { knownBadLaunches, mustAcceptLaunches } from '../../../src/demo/lms/tampering.ts';
import type { ReasonCode } from '../../../src/lti/reasons.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answerLogin, openTool, postLaunch } from '../../support/launch.ts';
import { expectRefused, launchSentOn, openLogins } from '../../support/launch-rows.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const { tenantId } = world.tenants.northside;

/** The rule each launch breaks: the first one in the order of the specifications. */
const brokenRules: Record<string, ReasonCode> = {
  'no kid': 'kid_missing',
  'wrong kid': 'kid_unknown',
  'wrong version': 'version_wrong',
  'no version': 'version_missing',
  'not an LTI token': 'issuer_mismatch',
  'no LTI claims': 'version_missing',
  'issued in the future': 'iat_in_future',
  'issued long ago': 'iat_too_old',
  expired: 'token_expired',
  'no expiry': 'exp_missing',
  'no issue time': 'iat_missing',
  'no message type': 'message_type_missing',
  'unknown message type': 'message_type_unsupported',
  'no roles': 'roles_missing',
  'no deployment': 'deployment_missing',
  'no resource link': 'resource_link_missing',
  'no resource link id': 'resource_link_missing',
  'no target link': 'target_missing',
  'no subject': 'sub_missing',
  'no nonce': 'nonce_missing',
  'wrong nonce': 'nonce_mismatch',
  'wrong issuer': 'issuer_mismatch',
  'issuer with a slash': 'issuer_mismatch',
  'wrong audience': 'audience_mismatch',
  'untrusted second audience': 'audience_untrusted',
  'wrong authorized party': 'azp_mismatch',
  'unsigned (alg none)': 'alg_refused',
  'HS256 with the public key': 'alg_refused',
  'signed by another key': 'signature_invalid',
  'key in the header': 'header_refused',
  'key address in the header': 'header_refused',
  'certificate address in the header': 'header_refused',
  'certificate in the header': 'header_refused',
  'critical header extension': 'header_refused',
};

/** The suite's "known bad" launches, by the names the simulated LMS gives them. */
const certificationBad = [
  'no kid',
  'wrong kid',
  'wrong version',
  'no version',
  'not an LTI token',
  'no LTI claims',
  'issued in the future',
  'issued long ago',
  'expired',
  'no message type',
  'no roles',
  'no deployment',
  'no resource link id',
  'no subject',
];

/** The suite's "must accept" launches. */
const certificationGood = [
  'normal',
  'several roles',
  'short role',
  'unknown role',
  'no role at all',
  'e-mail only',
  'names only',
  'no personal data',
  'e-mail without a context',
];

async function countHints(): Promise<number> {
  const { rows } = await testDatabase.superuser.query('select count(*)::int as count from lti_hint');
  return rows[0].count;
}

test('every launch the certification suite knows is in the tables of the simulated LMS', () => {
  expect(Object.keys(knownBadLaunches)).toEqual(expect.arrayContaining(certificationBad));
  expect(Object.keys(mustAcceptLaunches).sort()).toEqual([...certificationGood].sort());
  expect(Object.keys(brokenRules).sort()).toEqual(Object.keys(knownBadLaunches).sort());
});

test.each(Object.entries(knownBadLaunches))('a launch is refused: %s', async (name, tampering) => {
  const answered = await answerLogin(world, { tampering });
  const hints = await countHints();
  const refused = await postLaunch(world, answered);
  await expectRefused(testDatabase, refused, brokenRules[name]!, tenantId);
  expect(await openLogins(testDatabase, answered)).toBe(0);
  expect(await countHints()).toBe(hints);
});

test('a login that a bad token used up takes no good token after it', async () => {
  const answered = await answerLogin(world);
  await postLaunch(world, answered, { fields: { id_token: 'not.a.token' } });
  await expectRefused(testDatabase, await postLaunch(world, answered), 'state_unknown', tenantId);
});

const people = [
  ['a teacher', 'ns-okafor'],
  ['a pupil', 'ns-nwosu'],
] as const;
const accepted = Object.entries(mustAcceptLaunches).flatMap(([name, tampering]) =>
  people.map(([who, person]) => ({ name, who, person, tampering })),
);

test.each(accepted)('a launch of $who opens the tool: $name', async ({ person, tampering }) => {
  const answered = await answerLogin(world, { person, tampering });
  const launched = await postLaunch(world, answered);
  const row = await launchSentOn(testDatabase, launched);
  expect(row).toMatchObject({ tenant_id: tenantId, state: 'started', reason: null, binding: 'cookie' });
  expect(row.trace.warnings).toEqual([]);
  expect((await openTool(world, launched, answered.cookies)).status).toBe(200);
  const { rows } = await testDatabase.superuser.query(
    'select state, outcome from launch where launch_id = $1',
    [row.launch_id],
  );
  expect(rows).toEqual([{ state: 'opened', outcome: 'success' }]);
  expect(await openLogins(testDatabase, answered)).toBe(0);
});
