import { expect, test } from 'vitest';
import { endpoints } from '../../contracts/http/endpoints.ts';
import { createTestDatabase } from '../support/database.ts';
import { createApiWorld, type EndpointName, type Sent } from './support/api-world.ts';
import { writeRun } from './support/run-rows.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = createApiWorld(testDatabase);
const [ours, theirs] = [await world.addSchool(), await world.addSchool()];
const runId = await writeRun(superuser, theirs.tenantId, theirs.connectionId, { findings: 2 });
const everywhere = (await world.makeToken()).token;
const field = { entity: 'classes', sourcedId: 'c1', column: 'title' };

/** For each endpoint what would be done, were it allowed. */
const wishes: Record<EndpointName, Sent> = {
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
};

const tables = [
  ...['connection', 'roster_source', 'sync_run', 'roster_upload', 'roster_override', 'audit_event'],
];

/** Everything an endpoint could change of any school. */
async function everything() {
  const rows = [];
  for (const table of tables) {
    rows.push((await superuser.query(`select * from ${table} t order by t::text`)).rows);
  }
  return rows;
}

const names = Object.keys(endpoints) as EndpointName[];
const ofRosters = names.filter((name) => endpoints[name].path.includes('{connectionId}'));
const ofRuns = names.filter((name) => endpoints[name].path.includes('{runId}'));
const place = { connectionId: theirs.connectionId, runId };

test.each(names)('%s: a token of another tenant is told that there is no such tenant', async (name) => {
  const { call } = await world.open();
  const before = await everything();
  const params = { slug: theirs.slug, ...place };
  const foreign = await call(name, { token: ours.token, params, ...wishes[name] });
  expect(foreign).toMatchObject({ status: 404, body: { code: 'tenant_unknown' } });
  expect(foreign.text).not.toContain(theirs.tenantId);
  expect(await everything()).toEqual(before);
});

test.each(names)('%s: without a token nothing is told', async (name) => {
  const { call } = await world.open();
  const refused = await call(name, { params: { slug: theirs.slug, ...place }, ...wishes[name] });
  expect(refused).toMatchObject({ status: 401, body: { code: 'token_missing' } });
});

test.each(names)('%s: what its scope does not allow is refused', async (name) => {
  const { call } = await world.open();
  const before = await everything();
  const { token } = await world.makeToken({ scopes: ['rosters:read'] });
  const { status } = await call(name, { token, params: { slug: theirs.slug, ...place }, ...wishes[name] });
  expect(status).toBe(endpoints[name].scope === 'rosters:read' ? 200 : 403);
  expect((await everything()).slice(0, -1)).toEqual(before.slice(0, -1));
});

test.each(ofRosters)('%s: another tenant’s roster is none under our address', async (name) => {
  const { call } = await world.open();
  const before = await everything();
  for (const token of [ours.token, everywhere]) {
    const foreign = await call(name, { token, params: { slug: ours.slug, ...place }, ...wishes[name] });
    expect(foreign.status).toBe(404);
    expect(foreign.body.code).toMatch(/^(roster|run|override)_unknown$/);
  }
  expect(await everything()).toEqual(before);
});

test.each(ofRuns)('%s: a run is none under another roster of its own tenant', async (name) => {
  const { call } = await world.open();
  const before = await everything();
  const params = { slug: theirs.slug, connectionId: ours.connectionId, runId };
  const foreign = await call(name, { token: theirs.token, params, ...wishes[name] });
  expect(foreign).toMatchObject({ status: 404, body: { code: 'run_unknown' } });
  expect(await everything()).toEqual(before);
});

test('the wishes are such that they are granted to who may', async () => {
  const { call } = await world.open();
  const refused: unknown[] = [];
  for (const name of names) {
    const params = { slug: theirs.slug, ...place };
    const { status, body } = await call(name, { token: theirs.token, params, ...wishes[name] });
    if (status >= 400) refused.push([name, body.code]);
  }
  // What one decision ends, the next finds ended.
  expect(refused).toEqual([
    ['startRun', 'roster_disabled'],
    ['discardRun', 'run_state'],
    ['undoRun', 'run_state'],
    ['overrideField', 'roster_row_unknown'],
    ['clearOverride', 'override_unknown'],
  ]);
});
