import { expect, test } from 'vitest';
import { type ConnectionId, newId } from '../../../contracts/ids.ts';
import type { OnboardingStage } from '../../../contracts/onboarding.ts';
import { addConnection } from '../../../src/connections/connections.ts';
import {
  changeOnboarding,
  getOnboarding,
  listOnboardings,
  readLeadTimes,
  requestOnboarding,
} from '../../../src/health/onboarding/onboardings.ts';
import { settleStable } from '../../../src/health/onboarding/settle-stable.ts';
import { openLog } from '../../../src/platform/log.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { countHour } from '../support/counts.ts';

const { database, superuser } = await createTestDatabase();
const day = 86_400_000;
const start = Date.UTC(2026, 8, 1);
const by = (now = start) => ({ actor: 'operator:test', now });
const log = openLog({ level: 'silent' });
let count = 0;
const school = async () =>
  (await createTenant(database, { slug: `school-${++count}`, name: 'School' }, by())).tenantId;
type School = Awaited<ReturnType<typeof school>>;
const input = { name: 'Canvas', partner: 'canvas', kind: 'lms' } as const;

async function connect(tenantId: School) {
  const connectionId = newId<ConnectionId>(start);
  const connection = { connectionId, kind: 'lms', partner: 'canvas', name: 'LMS' } as const;
  await database.withTenant(tenantId, (tx) => addConnection(tx, connection, start));
  return connectionId;
}

/** An onboarding that is live from the sixth day on. */
async function goLive(tenantId: School) {
  const connectionId = await connect(tenantId);
  const { onboardingId } = await requestOnboarding(database, tenantId, { ...input, connectionId }, by());
  for (let step = 1; step <= 6; step++) {
    await changeOnboarding(
      database,
      tenantId,
      onboardingId,
      { event: { type: 'advance' } },
      by(start + step * day),
    );
  }
  return { onboardingId, connectionId };
}

test('an onboarding is moved stage by stage, with each step in its history', async () => {
  const tenantId = await school();
  const { onboardingId } = await requestOnboarding(
    database,
    tenantId,
    { ...input, promisedOn: '2026-10-01' },
    by(),
  );
  const change = (event: Parameters<typeof changeOnboarding>[3]['event'], at: number) =>
    changeOnboarding(database, tenantId, onboardingId, { event }, by(start + at * day));
  await change({ type: 'advance' }, 2);
  await change({ type: 'wait', on: 'school' }, 3);
  await change({ type: 'advance' }, 7);
  await change({ type: 'return', to: 'agreement_signed' }, 8);
  await expect(change({ type: 'return', to: 'live' }, 9)).rejects.toMatchObject({
    ...{ code: 'onboarding_refused', details: { reason: 'stage_not_before' } },
  });
  const view = await getOnboarding(database, tenantId, onboardingId, start + 10 * day);
  expect(view.onboarding).toMatchObject({
    stage: 'agreement_signed',
    waitingOn: 'partner',
    promisedOn: '2026-10-01',
  });
  expect(view.dwell.stages).toMatchObject({
    requested: 2 * day,
    agreement_signed: 7 * day,
    credentials: day,
  });
  expect(view.dwell.waiting).toEqual({ school: 6 * day, partner: 3 * day, us: day });
  expect(view.forecast).toMatchObject({ kind: 'unknown' });
  expect(view.entries).toHaveLength(5);
});

test('a connection has one onboarding, of its own school', async () => {
  const [ours, theirs] = [await school(), await school()];
  const connectionId = await connect(theirs);
  await requestOnboarding(database, theirs, { ...input, connectionId }, by());
  const again = requestOnboarding(database, theirs, { ...input, connectionId }, by());
  await expect(again).rejects.toMatchObject({ code: 'connection_has_onboarding' });
  const foreign = requestOnboarding(database, ours, { ...input, connectionId }, by());
  await expect(foreign).rejects.toMatchObject({ code: 'connection_unknown' });
});

test('it becomes stable by itself once its seventh good day is over, and not a day before', async () => {
  const tenantId = await school();
  const { onboardingId, connectionId } = await goLive(tenantId);
  const series = { tenantId, connectionId, partner: 'canvas', kind: 'launch' };
  for (let each = 6; each <= 14; each++) {
    // The ninth day is bad, a day later there is no traffic.
    if (each === 10) continue;
    const at = start + each * day + 12 * 3_600_000;
    await countHour(superuser, series, at, { success: 500, failed_partner: each === 7 ? 50 : 0 });
  }
  const settle = (now: number) => settleStable({ db: database, clock: { now: () => now }, log });
  await settle(start + 16 * day);
  const stageAt = async () => (await database.withTenant(tenantId, listOnboardings))[0]?.stage;
  expect(await stageAt()).toBe('live');
  await countHour(superuser, series, start + 16 * day + 3_600_000, { success: 500, failed_partner: 0 });
  await settle(start + 16 * day + 12 * 3_600_000);
  expect(await stageAt()).toBe('live');
  await settle(start + 17 * day + 60_000);
  expect(await stageAt()).toBe('stable');
  const { forecast, onboarding } = await getOnboarding(database, tenantId, onboardingId, start + 20 * day);
  expect([forecast, onboarding.endedAt?.getTime()]).toEqual([undefined, start + 17 * day + 60_000]);
  const { cohorts } = await readLeadTimes(database, start + 20 * day);
  expect(cohorts).toMatchObject([{ month: '2026-09', count: 1, isSmall: true }]);
});

test('a school sees and moves no onboarding of another; forecasts rest on those of all', async () => {
  const [ours, theirs] = [await school(), await school()];
  const past = [];
  for (let each = 0; each < 3; each++) past.push(await goLive(theirs));
  const { onboardingId } = past[0]!;
  const move = changeOnboarding(database, ours, onboardingId, { event: { type: 'withdraw' } }, by());
  await expect(move).rejects.toMatchObject({ code: 'onboarding_unknown' });
  await expect(getOnboarding(database, ours, onboardingId, start)).rejects.toMatchObject({
    code: 'onboarding_unknown',
  });
  expect(await database.withTenant(ours, listOnboardings)).toEqual([]);
  const own = await requestOnboarding(database, ours, input, by(start + 6 * day));
  const stages: OnboardingStage[] = [
    'agreement_signed',
    'credentials',
    'configured',
    'sandbox_tested',
    'partner_validated',
    'live',
  ];
  for (const stage of stages) {
    const at = by(start + 6 * day + 1);
    expect(
      (await changeOnboarding(database, ours, own.onboardingId, { event: { type: 'advance' } }, at)).stage,
    ).toBe(stage);
  }
  const back = { event: { type: 'return', to: 'partner_validated' } } as const;
  await changeOnboarding(database, ours, own.onboardingId, back, by(start + 6 * day + 2));
  const view = await getOnboarding(database, ours, own.onboardingId, start + 6 * day + 2);
  // Nobody but the one of the test before has been live to its end.
  expect(view.forecast).toMatchObject({ kind: 'unknown', stage: 'live', samples: 1 });
});
