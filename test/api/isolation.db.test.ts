import { afterAll, expect, test } from 'vitest';
import { consoleEndpoints } from '../../contracts/http/console-endpoints.ts';
import { endpoints } from '../../contracts/http/endpoints.ts';
import { apiScopes } from '../../contracts/http/scopes.ts';
import { giveMetadata } from '../../src/sso/saml-connections/metadata.ts';
import { createTestKey } from '../sso/saml/support/keys.ts';
import { pem, writeMetadata } from '../sso/saml-connections/support/metadata.ts';
import { createTestDatabase } from '../support/database.ts';
import { createApiWorld, type EndpointName, type ScopedName, type Sent } from './support/api-world.ts';
import { addWaitingDeployments } from './support/deployment-rows.ts';
import { addHealthWork, healthWorkWishes } from './support/health-work-rows.ts';
import { addInvitations, invitationWishes } from './support/invitation-rows.ts';
import { addOperatorRows, operatorWishes } from './support/operator-rows.ts';
import { writeRun } from './support/run-rows.ts';
import { addSharedTool } from './support/setup-rows.ts';
import { tryToSignIn } from './support/sign-in-rows.ts';
import { directoryInput } from './support/sso-services.ts';
import { upkeepWishes } from './support/upkeep-rows.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = createApiWorld(testDatabase);
const [ours, theirs] = [await world.addSchool(), await world.addSchool()];
const runId = await writeRun(superuser, theirs.tenantId, theirs.connectionId, { findings: 2 });
const [key, other] = [await createTestKey('idp'), await createTestKey('other')];
const document = Buffer.from(writeMetadata({ keys: [key] }));
await giveMetadata(world.sso, theirs.tenantId, theirs.samlId, document, {
  actor: 'test',
  now: world.clock.now(),
});
const { reference, finished } = await tryToSignIn(world.sso, theirs);
if (finished.kind !== 'signed_in') throw new Error('Nobody has signed in');
const { personId } = finished;
const invitations = await addInvitations(testDatabase, theirs.tenantId, world.clock.now());
const healthWork = await addHealthWork(testDatabase.database, theirs.tenantId, world.clock.now());
const deployments = await addWaitingDeployments(testDatabase, theirs.tenantId, world.clock.now());
const operatorRows = await addOperatorRows(world.operators, theirs.tenantId);
const sharedTool = await addSharedTool(testDatabase, theirs.tenantId, world.clock.now());
const everywhere = (await world.makeToken()).token;
const { call } = await world.open(afterAll);
const field = { entity: 'classes', sourcedId: 'c1', column: 'title' };

/** For each endpoint what would be done, were it allowed. */
const wishes: Record<ScopedName, Sent> = {
  ...operatorWishes,
  listConnectors: {},
  listRosters: {},
  connectRoster: { body: { connector: 'paper-sis', name: 'X', settings: { url: 'x', password: 'right' } } },
  showRoster: {},
  updateRoster: { body: { name: 'Mine' } },
  pauseRoster: {},
  resumeRoster: {},
  disableRoster: {},
  checkRoster: {},
  listSchools: {},
  uploadPackage: { body: Buffer.from('PK') },
  startRun: { body: { mode: 'full' } },
  listRuns: {},
  showRun: {},
  showPlan: {},
  listFindings: {},
  downloadFindings: {},
  approveRun: {},
  discardRun: {},
  cancelRun: {},
  undoRun: {},
  listOverrides: {},
  overrideField: { body: { ...field, value: 'x' } },
  clearOverride: { query: field },
  listIdentityProtocols: {},
  listIdentities: {},
  connectIdentity: { body: directoryInput() },
  showIdentity: {},
  updateIdentity: { body: { name: 'Mine' } },
  pauseIdentity: {},
  resumeIdentity: {},
  disableIdentity: {},
  checkIdentity: {},
  showOwnSide: {},
  makeTestLink: {},
  listCertificates: {},
  addCertificate: { body: { certificate: pem(other) } },
  activateCertificate: {},
  retireCertificate: {},
  showMetadata: {},
  refreshMetadata: {},
  giveMetadata: { body: document },
  acceptMetadata: { body: { difference: '0123456789abcdef' } },
  addNextKey: {},
  activateNextKey: {},
  removeKey: {},
  listSessions: { query: { connectionId: theirs.identityId } },
  revokeSessions: { body: { connectionId: theirs.identityId } },
  listSignIns: { query: { connectionId: theirs.identityId } },
  showSignIn: {},
  previewErasure: {},
  erasePerson: { body: { reason: 'Asked for' } },
  readmitPerson: { body: { sourcedId: 'u1' } },
  hubOverview: {},
  tenantOverview: {},
  hubHealth: { query: { tenant: theirs.slug, groupBy: 'tenant' } },
  downloadHubHealth: {},
  hubExchanges: { query: { number: 'ended' } },
  downloadHubExchanges: { query: { number: 'ended' } },
  hubGradeDelivery: {},
  tenantHealth: { query: { groupBy: 'tenant' } },
  downloadTenantHealth: {},
  tenantExchanges: { query: { number: 'ended' } },
  downloadTenantExchanges: { query: { number: 'ended' } },
  tenantGradeDelivery: {},
  tenantFreshness: {},
  ...healthWorkWishes,
  ...invitationWishes,
  listDeploymentClaims: {},
  claimDeployment: { body: deployments.own.wanted },
  refuseDeployment: { body: deployments.own.strange },
  listHubDeploymentClaims: {},
  claimHubDeployment: { body: { ...deployments.hubWide.wanted, slug: theirs.slug } },
  refuseHubDeployment: { body: deployments.hubWide.strange },
  ...upkeepWishes(deployments),
  showSetup: {},
  agreeToSharing: { body: { tools: [{ slug: sharedTool, policyVersion: 1 }] } },
};

const tables = [
  ...['connection', 'roster_source', 'sync_run', 'roster_upload', 'roster_override', 'identity_source'],
  ...['identity_certificate', 'identity_key', 'identity_metadata', 'lti_invitation'],
  ...['person', 'person_link', 'person_tombstone', 'sign_in_request', 'session', 'sign_in'],
  ...['lti_deployment', 'lti_deployment_claim', 'hub_deployment_claim', 'lti_legacy_key', 'lti_notice'],
  ...['operator', 'operator_link', 'operator_session', 'raised_rights', 'setup_agreement'],
  ...['tenant_domain', 'operator_way', 'operator_identity', 'setup_confirmation'],
  ...['school_calendar', 'calendar_span', 'onboarding', 'onboarding_event', 'incident', 'audit_event'],
];

/** In one question, because it is asked more than a thousand times. */
const everythingAsked = {
  name: 'everything',
  text: `select ${tables.map((table) => `(select string_agg(t::text, e'\\n' order by t::text) from ${table} t)`).join(', ')}`,
  rowMode: 'array' as const,
};

/** Everything an endpoint could change of any school. */
async function everything(): Promise<(string | null)[]> {
  const { rows } = await superuser.query<(string | null)[]>(everythingAsked);
  return rows[0]!;
}

const isScoped = (name: EndpointName): name is ScopedName =>
  endpoints[name].scope.includes(':') && !(name in consoleEndpoints);
const names = (Object.keys(endpoints) as EndpointName[]).filter(isScoped);
const reads = (name: EndpointName) => endpoints[name].scope.endsWith(':read');
const connectionOf = (name: EndpointName) => {
  if (/\/(certificates|metadata|keys|admin-sign-in)\b/.test(endpoints[name].path)) return theirs.samlId;
  return isOf('identities')(name) ? theirs.identityId : theirs.connectionId;
};
const isOf = (feature: string) => (name: EndpointName) => endpoints[name].scope.startsWith(`${feature}:`);
const ofConnections = names.filter((name) => endpoints[name].path.includes('{connectionId}'));
const ofSignIns = [...names.filter(isOf('sessions')), ...names.filter(isOf('sign-ins'))];
const ofHealthWork = names.filter((name) =>
  /\{(spanId|onboardingId|incidentId)\}/.test(endpoints[name].path),
);
const ofRuns = names.filter((name) => endpoints[name].path.includes('{runId}'));
/** What stands in an address of another tenant's. */
const place = (name: EndpointName) => ({
  connectionId: connectionOf(name),
  fingerprint: key.certificate.fingerprint,
  runId,
  reference,
  personId,
  ...healthWork,
  holderId: deployments.connectionId,
  domain: deployments.domain,
  ...operatorRows.ofTenant,
  ...(isHubWide(name) ? operatorRows.ofHub : {}),
  ...(isHubWide(name) ? invitations.ofHub : invitations.ofTenant),
  incidentId: isHubWide(name) ? healthWork.hubIncidentId : healthWork.incidentId,
});

/** About all tenants together: a token of one reaches none of them. */
const isHubWide = (name: EndpointName) => !endpoints[name].path.includes('{slug}');

test.each(names)('%s: a token of another tenant is told that there is no such tenant', async (name) => {
  const before = await everything();
  const params = { slug: theirs.slug, ...place(name) };
  const foreign = await call(name, { token: ours.token, params, ...wishes[name] });
  const told = isHubWide(name)
    ? { status: 403, body: { code: 'tenant_only' } }
    : { status: 404, body: { code: 'tenant_unknown' } };
  expect(foreign).toMatchObject(told);
  expect(foreign.text).not.toContain(theirs.tenantId);
  expect(await everything()).toEqual(before);
});

test.each(names)('%s: without a token nothing is told', async (name) => {
  const refused = await call(name, { params: { slug: theirs.slug, ...place(name) }, ...wishes[name] });
  expect(refused).toMatchObject({ status: 401, body: { code: 'token_missing' } });
});

test.each(names)('%s: what its scope does not allow is refused', async (name) => {
  const before = await everything();
  const { token } = await world.makeToken({ scopes: apiScopes.filter((scope) => scope.endsWith(':read')) });
  const { status } = await call(name, {
    token,
    params: { slug: theirs.slug, ...place(name) },
    ...wishes[name],
  });
  expect(status).toBe(reads(name) ? 200 : 403);
  expect((await everything()).slice(0, -1)).toEqual(before.slice(0, -1));
});

test.each(ofConnections)('%s: another tenant’s connection is none under our address', async (name) => {
  const before = await everything();
  for (const token of [ours.token, everywhere]) {
    const foreign = await call(name, { token, params: { slug: ours.slug, ...place(name) }, ...wishes[name] });
    expect(foreign.status).toBe(404);
    expect(foreign.body.code).toMatch(/^(roster|run|override|identity|connection)_unknown$/);
  }
  expect(await everything()).toEqual(before);
});

test.each(ofSignIns)('%s: what is of another tenant is none under our address', async (name) => {
  const before = await everything();
  for (const token of [ours.token, everywhere]) {
    const params = { slug: ours.slug, ...place(name) };
    const foreign = await call(name, { token, params, ...wishes[name] });
    expect(foreign.status).toBe(404);
    expect(foreign.body.code).toMatch(/^(identity|sign_in)_unknown$/);
  }
  expect(await everything()).toEqual(before);
});

test.each(names)('%s: a right to another feature is none here', async (name) => {
  const [feature = ''] = endpoints[name].scope.split(':');
  const scopes = apiScopes.filter((scope) => !scope.startsWith(`${feature}:`));
  const { token } = await world.makeToken({ scopes });
  const params = { slug: theirs.slug, ...place(name) };
  const refused = await call(name, { token, params, ...wishes[name] });
  expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
});

test.each(ofHealthWork.filter((name) => !isHubWide(name)))(
  '%s: it is none under our address',
  async (name) => {
    const before = await everything();
    for (const token of [ours.token, everywhere]) {
      const foreign = await call(name, {
        token,
        params: { slug: ours.slug, ...place(name) },
        ...wishes[name],
      });
      expect(foreign.status).toBe(404);
      expect(foreign.body.code).toMatch(/^(span|onboarding|incident)_unknown$/);
    }
    expect(await everything()).toEqual(before);
  },
);

test.each(ofRuns)('%s: a run is none under another roster of its own tenant', async (name) => {
  const before = await everything();
  const params = { slug: theirs.slug, connectionId: ours.connectionId, runId };
  const foreign = await call(name, { token: theirs.token, params, ...wishes[name] });
  expect(foreign).toMatchObject({ status: 404, body: { code: 'run_unknown' } });
  expect(await everything()).toEqual(before);
});

test('the wishes are such that they are granted to who may', async () => {
  const refused: unknown[] = [];
  for (const name of names) {
    const params = { slug: theirs.slug, ...place(name) };
    const token = isHubWide(name) ? everywhere : theirs.token;
    const { status, body } = await call(name, { token, params, ...wishes[name] });
    if (status >= 400) refused.push([name, body.code]);
  }
  const ofTargets = ['removeTarget', 'setReportMail', 'removeHubTarget', 'setHubReportMail'];
  // What one decision ends, the next finds ended.
  expect(refused).toEqual([
    ['startRun', 'roster_disabled'],
    ['approveRun', 'roster_disabled'],
    ['cancelRun', 'run_state'],
    ['undoRun', 'run_state'],
    ['overrideField', 'roster_row_unknown'],
    ['clearOverride', 'override_unknown'],
    ['makeTestLink', 'identity_disabled'],
    ['refreshMetadata', 'metadata_not_fetched'],
    ['acceptMetadata', 'metadata_difference_gone'],
    ['removeKey', 'key_unknown'],
    ['readmitPerson', 'person_not_erased'],
    ['resetHost', 'host_not_down'],
    ...ofTargets.map((name) => [name, 'target_unknown']),
    ['confirmSharing', 'session_needed'],
    ['revokeAdminInvitation', 'invitation_unknown'],
    ['raiseRights', 'session_needed'],
    ['findPlatform', 'platform_not_found'],
  ]);
});
