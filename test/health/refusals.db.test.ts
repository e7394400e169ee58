import { expect, test } from 'vitest';
import { HUB_TENANT, newId, type TenantId } from '../../contracts/ids.ts';
import { createRefusalRecorder } from '../../src/health/refusals.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openLog } from '../../src/platform/log.ts';
import { createTestDatabase } from '../support/database.ts';

const { database, superuser } = await createTestDatabase();
const lines: Record<string, unknown>[] = [];
const log = openLog({
  level: 'info',
  destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
});
const refusal = { kind: 'launch', outcome: 'failed_config', reason: 'registration_unknown' } as const;

test('refusals become exchanges, of the hub where no tenant is known', async () => {
  const tenantId = newId<TenantId>();
  const recorder = createRefusalRecorder({ database, clock: systemClock, log, gatherMs: 1 });
  recorder.record(refusal);
  recorder.record({ ...refusal, tenantId, partner: 'moodle' });
  const read = async () =>
    (await superuser.query('select tenant_id, outcome, reason, partner from exchange order by tenant_id'))
      .rows;
  await expect.poll(read).toEqual([
    { tenant_id: HUB_TENANT, outcome: 'failed_config', reason: 'registration_unknown', partner: null },
    { tenant_id: tenantId, outcome: 'failed_config', reason: 'registration_unknown', partner: 'moodle' },
  ]);
  await recorder.stop();
});

test('stopping writes what is still held', async () => {
  await superuser.query('truncate exchange');
  const recorder = createRefusalRecorder({ database, clock: systemClock, log, gatherMs: 3_600_000 });
  recorder.record(refusal);
  await recorder.stop();
  expect((await superuser.query('select from exchange')).rowCount).toBe(1);
});

test('a flood is bounded, and a database that is away harms no caller', async () => {
  const away = { withRollup: () => Promise.reject(new Error('away')) };
  const recorder = createRefusalRecorder({
    database: away,
    clock: systemClock,
    log,
    capacity: 10,
    gatherMs: 3_600_000,
  });
  for (let i = 0; i < 25; i++) recorder.record(refusal);
  await recorder.stop();
  expect(lines.find((line) => line.event === 'refusals_dropped')).toMatchObject({ count: 15 });
  expect(lines.find((line) => line.event === 'refusals_not_recorded')).toMatchObject({ count: 10 });
});
