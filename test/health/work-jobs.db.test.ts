import { expect, test } from 'vitest';
import { newId } from '../../contracts/ids.ts';
import { purgeAll } from '../../src/health/work-jobs.ts';
import { createApiWorld } from '../api/support/api-world.ts';
import { openIncident } from '../api/support/health-work-rows.ts';
import { createTestDatabase } from '../support/database.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = createApiWorld(testDatabase);

test('news, incidents, answers and work past their retention go, batch after batch, and nothing younger', async () => {
  const schools = [await world.addSchool(), await world.addSchool()];
  for (const { tenantId, connectionId } of schools) {
    for (const days of [29, 31]) {
      await superuser.query(
        `insert into probe_run (tenant_id, probe_id, connection_id, kind, outcome, started_at, ended_at)
         select $1, gen_random_uuid(), $2, 'read', 'success', at, at
         from (select now() - $3::int * interval '1 day' as at) t, generate_series(1, 600)`,
        [tenantId, connectionId, days],
      );
    }
    for (const years of [1, 4]) {
      const incidentId = await openIncident(database, tenantId, world.clock.now());
      await superuser.query(
        `insert into incident_alert (tenant_id, incident_id, alert_key, rule, severity, facts, first_at, last_at)
         values ($1, $2, 'k', 'probe', 'page', '{}', now(), now())`,
        [tenantId, incidentId],
      );
      await superuser.query(
        `update incident set state = 'resolved', opened_at = now() - $2::int * interval '1 year',
           resolved_at = now() - $2::int * interval '1 year' where incident_id = $1`,
        [incidentId, years],
      );
    }
    // One that never ended stays, however old.
    const open = await openIncident(database, tenantId, world.clock.now());
    await superuser.query(
      `update incident set opened_at = now() - interval '9 years' where incident_id = $1`,
      [open],
    );
    const targetId = newId();
    await superuser.query(
      `insert into notification_target (tenant_id, target_id, channel, name, sealed_address, least_severity, status,
         created_at, changed_at) values ($1, $2, 'email', 'Us', 'x', 'page', 'active', now(), now())`,
      [tenantId, targetId],
    );
    for (const [event, days] of Object.entries({ opened: 91, resolved: 89 })) {
      await superuser.query(
        `insert into notification (tenant_id, notification_id, target_id, incident_tenant_id, incident_id, event, state,
           next_try_at, created_at, ended_at)
         values ($1, $2, $3, $1, $4, $5, 'sent', now(), now(), now() - $6::int * interval '1 day')`,
        [tenantId, newId(), targetId, open, event, days],
      );
    }
  }
  await purgeAll({ db: database });
  const left = async (table: string) =>
    (
      await superuser.query(`select tenant_id, count(*)::int as count from ${table} group by 1 order by 1`)
    ).rows.map(({ count }) => count);
  expect(await left('probe_run')).toEqual([600, 600]);
  expect(await left('incident')).toEqual([2, 2]);
  expect(await left('incident_alert')).toEqual([1, 1]);
  expect(await left('notification')).toEqual([1, 1]);
});

test('whoever stops the job is obeyed between two batches', async () => {
  const { tenantId, connectionId } = await world.addSchool();
  await superuser.query(
    `insert into probe_run (tenant_id, probe_id, connection_id, kind, outcome, started_at, ended_at)
     select $1, gen_random_uuid(), $2, 'read', 'success', now(), now() - interval '31 days' from generate_series(1, 600)`,
    [tenantId, connectionId],
  );
  await purgeAll({ db: database }, AbortSignal.abort());
  const { rows } = await superuser.query(
    'select count(*)::int as count from probe_run where tenant_id = $1',
    [tenantId],
  );
  expect(rows[0].count).toBe(600);
});
