import { test } from 'vitest';
import type { LtiClaims } from '../../../src/demo/lms/claims.ts';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import type { Tampering } from '../../../src/demo/lms/tampering.ts';
import type { ReasonCode } from '../../../src/lti/reasons.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { expectRefused, launchSentOn } from '../../support/launch-rows.ts';
import { changeRegistrationOf } from '../../support/registrations.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const { tenantId } = world.tenants.northside;
const client = world.clientId;
await changeRegistrationOf(testDatabase, world.tenants.northside, {
  settings: { trustedAudiences: ['https://partner.example'] },
});
world.first.lti.forgetAll();

const claims = (change: LtiClaims | ((honest: LtiClaims) => LtiClaims)): Tampering => ({
  claims: (honest) => ({ ...honest, ...(typeof change === 'function' ? change(honest) : change) }),
});
const iat = (seconds: number) => claims((honest) => ({ iat: Number(honest.iat) + seconds }));
const exp = (seconds: number) => claims((honest) => ({ exp: Number(honest.iat) + seconds }));

const accepted: Record<string, Tampering> = {
  'one audience in an array': claims({ aud: [client] }),
  'a trusted second audience and azp': claims({ aud: [client, 'https://partner.example'], azp: client }),
  'one audience and azp': claims({ azp: client }),
  'issued within the window and the skew': iat(-355),
  'issued by a clock that is fast by less than the skew': iat(55),
  'expired by less than the skew': exp(-55),
  'claims nobody knows': claims({ 'https://lms.example/claim': { deep: [1, { more: null }] } }),
  'a context without an id': claims({ [ltiClaim('context')]: { title: 'A course' } }),
  'a role that is no URI': claims({ [ltiClaim('roles')]: ['Learner', 'teacher of the week'] }),
};

test.each(Object.entries(accepted))('a launch is accepted: %s', async (_name, tampering) => {
  const answered = await answerLogin(world, { tampering });
  await launchSentOn(testDatabase, await postLaunch(world, answered));
});

const refused: Record<string, [ReasonCode, Tampering]> = {
  'a trusted second audience without azp': [
    'azp_missing',
    claims({ aud: [client, 'https://partner.example'] }),
  ],
  'a second audience that is not trusted, with azp': [
    'audience_untrusted',
    claims({ aud: [client, 'https://stranger.example'], azp: client }),
  ],
  'azp of the partner': [
    'azp_mismatch',
    claims({ aud: [client, 'https://partner.example'], azp: 'https://partner.example' }),
  ],
  'only the partner’s audience': ['audience_mismatch', claims({ aud: ['https://partner.example'] })],
  'an empty list of audiences': ['audience_mismatch', claims({ aud: [] })],
  'no audience': ['audience_mismatch', claims({ aud: undefined })],
  'an audience that only begins like ours': ['audience_mismatch', claims({ aud: `${client}0` })],
  'an issuer in capitals': [
    'issuer_mismatch',
    claims((honest) => ({ iss: String(honest.iss).toUpperCase() })),
  ],
  'issued before the window': ['iat_too_old', iat(-365)],
  'issued by a clock that is fast by more than the skew': ['iat_in_future', iat(65)],
  'expired by more than the skew': ['token_expired', exp(-65)],
  'an expiry in words': ['exp_missing', claims((honest) => ({ exp: String(honest.exp) }))],
  'an issue time in words': ['iat_missing', claims((honest) => ({ iat: String(honest.iat) }))],
  'a version of its own type': ['version_wrong', claims({ [ltiClaim('version')]: 1.3 })],
  'a shortened version': ['version_wrong', claims({ [ltiClaim('version')]: '1.3' })],
  'a deployment id that is too long': [
    'deployment_too_long',
    claims({ [ltiClaim('deployment_id')]: 'd'.repeat(256) }),
  ],
  'a deployment id that is no whole number': ['claims_invalid', claims({ [ltiClaim('deployment_id')]: 7.5 })],
  'one role without an array': ['roles_invalid', claims({ [ltiClaim('roles')]: 'Learner' })],
  'roles that are no text': ['roles_invalid', claims({ [ltiClaim('roles')]: [1] })],
  'an empty resource link id': ['resource_link_missing', claims({ [ltiClaim('resource_link')]: { id: '' } })],
  'a resource link id that is too long': [
    'claims_invalid',
    claims({ [ltiClaim('resource_link')]: { id: 'r'.repeat(256) } }),
  ],
  'a subject that is too long': ['claims_invalid', claims({ sub: 's'.repeat(256) })],
  'an empty subject': ['sub_missing', claims({ sub: '' })],
  'a subject that cannot be stored': ['claims_invalid', claims({ sub: 'nul\u0000' })],
  'a nonce that is no text': ['nonce_missing', claims({ nonce: 5 })],
  'an algorithm in other letters': ['alg_refused', { signing: () => ({ header: { alg: 'rs256' } }) }],
  'a stronger algorithm': ['alg_refused', { signing: () => ({ header: { alg: 'RS512' } }) }],
  'algorithm None': ['alg_refused', { signing: () => ({ header: { alg: 'None' }, algorithm: 'none' }) }],
  'an empty crit': ['header_refused', { signing: () => ({ header: { crit: [] } }) }],
  'a kid that is no text': ['kid_missing', { signing: () => ({ header: { kid: 5 } }) }],
  'an empty kid': ['kid_missing', { signing: () => ({ header: { kid: '' } }) }],
  'no token': ['token_malformed', { fields: (fields) => ({ ...fields, id_token: undefined }) }],
  'two parts of a token': ['token_malformed', { fields: (fields) => cut(fields) }],
  'a token without its signature': [
    'signature_invalid',
    { fields: (fields) => ({ ...fields, id_token: fields.id_token!.replace(/[^.]*$/, '') }) },
  ],
  'a token whose payload was changed': ['signature_invalid', { fields: (fields) => promote(fields) }],
};

function cut(fields: Record<string, string>): Record<string, string> {
  return { ...fields, id_token: fields.id_token!.split('.').slice(0, 2).join('.') };
}

/** Makes the person of a signed token somebody else. */
function promote(fields: Record<string, string>): Record<string, string> {
  const [header, payload, signature] = fields.id_token!.split('.');
  const changed = { ...JSON.parse(Buffer.from(payload!, 'base64url').toString()), sub: 'somebody-else' };
  const encoded = Buffer.from(JSON.stringify(changed)).toString('base64url');
  return { ...fields, id_token: [header, encoded, signature].join('.') };
}

test.each(Object.entries(refused))('a launch is refused: %s', async (_name, [reason, tampering]) => {
  const answered = await answerLogin(world, { tampering });
  await expectRefused(testDatabase, await postLaunch(world, answered), reason, tenantId);
});

test('an empty error beside a good token is none', async () => {
  const answered = await answerLogin(world, {
    tampering: { fields: (fields) => ({ ...fields, error: '' }) },
  });
  await launchSentOn(testDatabase, await postLaunch(world, answered));
});

test('text that the database cannot keep is left out, and the launch goes on', async () => {
  const names = {
    name: 'half \ud83d',
    given_name: 'nul\u0000',
    [ltiClaim('custom')]: { a: '\udc00', b: 'kept' },
  };
  const answered = await answerLogin(world, { tampering: claims(names) });
  await launchSentOn(testDatabase, await postLaunch(world, answered));
});
