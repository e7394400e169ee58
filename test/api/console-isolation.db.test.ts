import { expect, test } from 'vitest';
import { consoleEndpoints } from '../../contracts/http/console-endpoints.ts';
import { apiScopes } from '../../contracts/http/scopes.ts';
import { createTestDatabase } from '../support/database.ts';
import { createApiWorld, type Sent } from './support/api-world.ts';
import { addConsoleRows } from './support/console-rows.ts';
import { writeRun } from './support/run-rows.ts';

type Name = keyof typeof consoleEndpoints;

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = createApiWorld(testDatabase);
const ours = await world.addSchool();
const { connectionId: rosterId, ...roster } = await world.addSchool();
const runId = await writeRun(superuser, roster.tenantId, rosterId);
const slug = 'theirs';
const theirs = await addConsoleRows(testDatabase, slug, {
  now: world.clock.now(),
  secrets: world.operators.secrets,
});
const everywhere = (await world.makeToken()).token;
const tokenId = (await world.makeToken()).apiToken.tokenId;

const rules = { launch: { roles: 'allow' } };
const tool = {
  ...{ slug: 'new-tool', name: 'New', loginInitiationUrl: 'https://new.example/login' },
  ...{ targetLinkUri: 'https://new.example/', redirectUris: ['https://new.example/launch'] },
};

/** For each endpoint what would be done, were it allowed; what ends something stands behind what needs it. */
const wishes: Record<Name, Sent> = {
  listTenants: {},
  createTenant: { body: { slug: 'another', name: 'Another' } },
  showTenant: {},
  updateTenant: { body: { name: 'Mine' } },
  summarizeTenant: {},
  setConnectionTier: { body: { tier: 'critical' } },
  rotateTenantKey: {},
  hubOnboardings: {},
  listLaunches: {},
  showLaunch: {},
  listDeliveries: {},
  showDelivery: {},
  replayDeliveries: { body: { all: true } },
  discardDeliveries: { body: { all: true } },
  listGradeRoutes: {},
  pauseGrades: { body: { reason: 'Mine' } },
  resumeGrades: {},
  compareGrades: {},
  listGradeDrift: {},
  listReviews: {},
  showReview: {},
  discloseReview: { body: { show: ['names'] } },
  dismissReview: {},
  keepReviewApart: {},
  joinReview: {},
  listMerges: {},
  mergePeople: { body: { keep: theirs.personId, absorb: theirs.otherId } },
  unmergePeople: {},
  showMatchRule: {},
  setMatchRule: { body: { rule: null } },
  listTools: {},
  registerTool: { body: tool },
  showTool: {},
  updateTool: { body: { name: 'Mine' } },
  listToolTenants: {},
  listEnablements: {},
  enableTool: { body: {} },
  setToolCustom: { body: { custom: { level: '9' } } },
  showPolicy: {},
  setPolicy: { body: { rules } },
  previewPolicy: {},
  disableToolFor: {},
  listLms: {},
  connectLms: { body: { family: 'canvas', clientId: 'x' } },
  showLms: {},
  updateLms: { body: { settings: { clockSkewSeconds: 200 } } },
  addDeployment: { body: { deploymentId: 'mine' } },
  setDeploymentStatus: { body: { deploymentId: '1', status: 'disabled' } },
  listHubLms: {},
  connectHubLms: { body: { family: 'schoology', clientId: 'x' } },
  showHubLms: {},
  updateHubLms: { body: { settings: { clockSkewSeconds: 200 } } },
  listTokens: {},
  createToken: { body: { name: 'Mine', scopes: ['rosters:read'] } },
  revokeToken: {},
  listAudit: {},
  exportAudit: {},
  verifyAudit: {},
  listHubAudit: {},
  exportHubAudit: {},
  verifyHubAudit: {},
  listPartners: {},
  listPartnerTenants: {},
  listHubConnectors: {},
  listQueues: {},
  showSettings: {},
  listKeys: {},
  rotateKeys: {},
  revokeKey: {},
  followRun: {},
};

const tables = [
  ...['tenant', 'school_calendar', 'connection', 'lti_registration', 'hub_registration', 'lti_deployment'],
  ...['tool', 'tool_enablement', 'release_policy', 'grade_delivery', 'grade_line', 'grade_route'],
  ...['data_key', 'person', 'person_review', 'person_merge', 'person_match_rule', 'signing_key', 'sync_run'],
];

/** Everything an endpoint could change of any school, and of the hub; but that a token was used, and what was recorded. */
async function everything() {
  const rows = [];
  for (const table of tables) {
    rows.push((await superuser.query(`select * from ${table} t order by t::text`)).rows);
  }
  rows.push((await superuser.query('select token_id, revoked_at from api_token order by token_id')).rows);
  return rows;
}
const trail = async () => (await superuser.query('select count(*) from audit_event')).rows[0].count;

const names = Object.keys(consoleEndpoints) as Name[];
const pathOf = (name: Name) => consoleEndpoints[name].path;
const isHubWide = (name: Name) => !pathOf(name).includes('{slug}');
const reads = (name: Name) => consoleEndpoints[name].scope.endsWith(':read');
const isOfRun = (name: Name) => pathOf(name).includes('{runId}');
/** What stands in an address of another tenant's. */
const place = (name: Name) => ({
  ...theirs,
  slug: isOfRun(name) ? roster.slug : slug,
  ...(isOfRun(name) ? { connectionId: rosterId, runId } : {}),
  ...{ tokenId, partner: 'canvas' },
});
const ofThings = names.filter((name) => !isHubWide(name) && /\{(reference|\w+Id)\}/.test(pathOf(name)));

test.each(names)('%s: a token of another tenant is told that there is no such tenant', async (name) => {
  const { call } = await world.open();
  const [before, length] = [await everything(), await trail()];
  const foreign = await call(name, { token: ours.token, params: place(name), ...wishes[name] });
  const told = isHubWide(name)
    ? { status: 403, body: { code: 'tenant_only' } }
    : { status: 404, body: { code: 'tenant_unknown' } };
  expect(foreign).toMatchObject(told);
  expect(foreign.text).not.toContain(theirs.tenantId);
  expect([await everything(), await trail()]).toEqual([before, length]);
});

test.each(names)('%s: without a token nothing is told', async (name) => {
  const { call } = await world.open();
  const refused = await call(name, { params: place(name), ...wishes[name] });
  expect(refused).toMatchObject({ status: 401, body: { code: 'token_missing' } });
});

test.each(names)('%s: what its scope does not allow is refused', async (name) => {
  const { call } = await world.open();
  const before = await everything();
  const { token } = await world.makeToken({ scopes: apiScopes.filter((scope) => scope.endsWith(':read')) });
  const withTokens = await everything();
  const { status } = await call(name, { token, params: place(name), ...wishes[name] });
  expect(status).toBe(reads(name) ? 200 : 403);
  expect(await everything()).toEqual(withTokens);
  expect(withTokens.slice(0, -1)).toEqual(before.slice(0, -1));
});

test.each(names)('%s: a right to another feature is none here', async (name) => {
  const { call } = await world.open();
  const [feature = ''] = consoleEndpoints[name].scope.split(':');
  const scopes = apiScopes.filter((scope) => !scope.startsWith(`${feature}:`));
  const { token } = await world.makeToken({ scopes });
  const refused = await call(name, { token, params: place(name), ...wishes[name] });
  expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
});

test.each(ofThings)('%s: what is of another tenant is none under our address', async (name) => {
  const { call } = await world.open();
  const before = await everything();
  for (const token of [ours.token, everywhere]) {
    const foreign = await call(name, {
      token,
      params: { ...place(name), slug: ours.slug },
      ...wishes[name],
    });
    expect(foreign.status).toBe(404);
    expect(foreign.body.code).toMatch(
      /^(launch|delivery|connection|review|merge|registration|roster)_unknown$/,
    );
  }
  expect(await everything()).toEqual(before);
});

test('lists hold what is of the tenant alone', async () => {
  const { call } = await world.open();
  const params = { slug: ours.slug };
  for (const [name, list] of [
    ['listLaunches', 'launches'],
    ['listDeliveries', 'deliveries'],
    ['listReviews', 'reviews'],
    ['listMerges', 'merges'],
    ['listEnablements', 'enablements'],
    ['listLms', 'registrations'],
  ] as const) {
    const [own, other] = [
      await call(name, { token: ours.token, params }),
      await call(name, { token: everywhere, params: { slug } }),
    ];
    expect([name, own.body[list]]).toEqual([name, []]);
    expect([name, other.body[list].length]).toEqual([name, 1]);
  }
});

test('the wishes are such that they are granted to who may', async () => {
  const { call } = await world.open();
  const refused: unknown[] = [];
  for (const name of names) {
    const { status, body } = await call(name, { token: everywhere, params: place(name), ...wishes[name] });
    if (status >= 400) refused.push([name, body.code]);
  }
  // What one decision ends, the next finds ended.
  expect(refused).toEqual([
    ['keepReviewApart', 'review_decided'],
    ['joinReview', 'review_decided'],
    ['enableTool', 'tool_already_enabled'],
  ]);
});
