import { expect, test } from 'vitest';
import { type ConnectionId, newId } from '../../../contracts/ids.ts';
import type { ProbeEnd } from '../../../contracts/probes.ts';
import { addConnection } from '../../../src/connections/connections.ts';
import { addHubDeployment, setDeploymentStatus } from '../../../src/connections/deployments.ts';
import { connectLmsHubWide } from '../../../src/connections/hub-registrations.ts';
import { evaluateHealth } from '../../../src/health/incidents/evaluate.ts';
import { listAlerts, listIncidents } from '../../../src/health/incidents/incident-store.ts';
import { readProbes, setProbing } from '../../../src/health/probes/probes.ts';
import { type ProbeStep, runProbes } from '../../../src/health/probes/run-probes.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { openLog } from '../../../src/platform/log.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { countFive } from '../support/counts.ts';

const { database, superuser } = await createTestDatabase();
const minute = 60_000;
const clock = { time: Date.UTC(2026, 10, 18, 3), now: () => clock.time };
const log = openLog({ level: 'silent' });
const by = () => ({ actor: 'operator:test', now: clock.now() });
let count = 0;

/** A school with an identity connection, which is asked as `step` says. */
async function connect(partner: string) {
  const { tenantId } = await createTenant(database, { slug: `probe-${++count}`, name: 'School' }, by());
  const connectionId = newId<ConnectionId>(clock.now());
  const connection = { connectionId, kind: 'identity', partner, name: 'Login' } as const;
  await database.withTenant(tenantId, (tx) => addConnection(tx, connection, clock.now()));
  await superuser.query(
    `insert into identity_source (tenant_id, connection_id, protocol, preset, settings, status, version, created_at,
       changed_at) values ($1, $2, 'saml', 'generic', '{}', 'active', 1, now(), now())`,
    [tenantId, connectionId],
  );
  return { tenantId, connectionId };
}

const never: ProbeStep = () => Promise.reject(new Error('not asked here'));
function ask(login: ProbeStep, timeoutMs?: number) {
  const steps = { launch: never, login, read: never };
  return runProbes({ db: database, clock, log, steps, ...(timeoutMs && { timeoutMs }) });
}
const answers =
  (own: { connectionId: string }, end: ProbeEnd): ProbeStep =>
  async (_tenantId, connectionId) =>
    connectionId === own.connectionId ? end : { outcome: 'success', reason: null };
const runsOf = async ({ tenantId }: Awaited<ReturnType<typeof connect>>) =>
  (await database.withTenant(tenantId, (tx) => readProbes(tx, 20))).runs;
const well = { outcome: 'success', reason: null } as const;
const down = { outcome: 'failed_partner', reason: 'unreachable' } as const;

test('a quiet connection is asked and what it says is kept, apart from the exchanges of people', async () => {
  const school = await connect('idp-a');
  await ask(answers(school, down));
  expect(await runsOf(school)).toMatchObject([{ kind: 'login', ...down, connectionId: school.connectionId }]);
  expect((await superuser.query('select from exchange')).rowCount).toBe(0);
});

test('traffic of its partner makes asking needless; what was switched off is never asked', async () => {
  const [busy, idle, off] = [await connect('idp-b'), await connect('idp-c'), await connect('idp-d')];
  const series = {
    tenantId: busy.tenantId,
    connectionId: busy.connectionId,
    partner: 'idp-b',
    kind: 'sign_in',
  };
  await countFive(superuser, series, clock.time - 20 * minute, { success: 3 });
  await setProbing(database, off.tenantId, { connectionId: off.connectionId, isOn: false }, by());
  await ask(answers(idle, well));
  expect([await runsOf(busy), await runsOf(off)]).toEqual([[], []]);
  expect(await runsOf(idle)).toHaveLength(1);
  await setProbing(database, off.tenantId, { connectionId: off.connectionId, isOn: true }, by());
  await ask(answers(off, well));
  expect(await runsOf(off)).toHaveLength(1);
  const wrong = setProbing(database, off.tenantId, { connectionId: busy.connectionId, isOn: false }, by());
  await expect(wrong).rejects.toMatchObject({ code: 'connection_unknown' });
});

test('one that hangs is given up and stops no other; one that throws is judged', async () => {
  const [hanging, throwing] = [await connect('idp-e'), await connect('idp-f')];
  await ask((_tenantId, connectionId) => {
    if (connectionId === hanging.connectionId) return new Promise(() => undefined);
    return Promise.reject(new DomainError('input', 'settings_wrong', 'x'));
  }, 50);
  expect(await runsOf(hanging)).toMatchObject([{ outcome: 'failed_partner', reason: 'probe_timeout' }]);
  expect(await runsOf(throwing)).toMatchObject([{ outcome: 'failed_config', reason: 'settings_wrong' }]);
});

test('the second failure in a row is a ticket, the fourth a page, and a success ends the incident', async () => {
  const school = await connect('idp-g');
  const evaluate = () => evaluateHealth({ db: database, clock, log });
  const states = { states: ['open', 'acknowledged', 'resolved'], since: new Date(0), limit: 9 } as const;
  const incidents = () => database.withTenant(school.tenantId, (tx) => listIncidents(tx, states));
  const seen: unknown[] = [];
  for (let pass = 0; pass < 4; pass++) {
    await ask(answers(school, down));
    clock.time += 16 * minute;
    await evaluate();
    seen.push((await incidents()).map(({ severity }) => severity));
  }
  expect(seen).toEqual([[], ['ticket'], ['ticket'], ['page']]);
  const [incident] = await incidents();
  const alerts = await database.withTenant(school.tenantId, (tx) => listAlerts(tx, incident!.incidentId));
  expect(alerts).toMatchObject([{ rule: 'probe', facts: { failuresInARow: 4 } }]);
  await ask(answers(school, well));
  await evaluate();
  clock.time += 31 * minute;
  await evaluate();
  expect(await incidents()).toMatchObject([{ state: 'resolved' }]);
});

test('a school under a registration of the hub’s is asked like others, as long as it has a deployment that is on', async () => {
  const { tenantId } = await createTenant(database, { slug: `probe-${++count}`, name: 'School' }, by());
  const registration = await database.withHub((tx) =>
    connectLmsHubWide(
      tx,
      {
        ...{ family: 'canvas', issuer: 'https://lms.example', clientId: 'hub-wide' },
        ...{ authorizeUrl: 'https://lms.example/a', jwksUrl: 'https://lms.example/jwks' },
      },
      { allowLoopback: false },
      by(),
    ),
  );
  const registrationId = registration.connectionId;
  const [{ connectionId }] = await database.withTenant(tenantId, async (tx) => [
    await addHubDeployment(tx, { registrationId, deploymentId: '1' }, by()),
    await addHubDeployment(tx, { registrationId, deploymentId: '2' }, by()),
  ]);
  const asked: string[] = [];
  const launch: ProbeStep = async (_tenantId, id) => {
    asked.push(id);
    return well;
  };
  const pass = () => runProbes({ db: database, clock, log, steps: { launch, login: launch, read: launch } });
  await pass();
  expect(asked.filter((id) => id === connectionId)).toEqual([connectionId]);
  clock.time += 86_400_000;
  for (const deploymentId of ['1', '2']) {
    await database.withTenant(tenantId, (tx) =>
      setDeploymentStatus(tx, connectionId, deploymentId, 'disabled', by()),
    );
  }
  await pass();
  expect(asked.filter((id) => id === connectionId)).toEqual([connectionId]);
});

test('a school sees what its own connections say alone', async () => {
  const [ours, theirs] = [await connect('idp-h'), await connect('idp-h')];
  await ask(answers(theirs, down));
  const seen = (await runsOf(ours)).map(({ connectionId }) => connectionId);
  expect(seen).toEqual([ours.connectionId]);
});
