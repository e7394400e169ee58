import type pg from 'pg';
import { type ConnectionId, newId, type RunId, type TenantId } from '../../../contracts/ids.ts';
import type { RunState } from '../../../contracts/sync.ts';

const plan = {
  counts: [
    { entity: 'users', school: 's1', present: 100, created: 3, changed: 2, removed: 40, restored: 1 },
    { entity: 'orgs', present: 4, created: 0, changed: 0, removed: 0, restored: 0 },
  ],
  samples: [
    { entity: 'users', action: 'remove', sourcedIds: ['u1', 'u2'] },
    { entity: 'users', action: 'restore', sourcedIds: [] },
  ],
  sealed: ['orgs', 'users'],
  offered: 107,
  rejected: 2,
};

/** Writes a run as it stands in some state, with a plan, a hold and findings: as a copy that works leaves it. */
export async function writeRun(
  superuser: pg.Client,
  tenantId: TenantId,
  connectionId: ConnectionId,
  given: { state?: RunState; findings?: number; plan?: object | null; now?: number } = {},
): Promise<RunId> {
  const { state = 'held', findings = 0, now = Date.UTC(2025, 8, 1) } = given;
  const runId = newId<RunId>(now);
  const at = new Date(now);
  const isOver = ['applied', 'undone', 'discarded', 'failed', 'cancelled'].includes(state);
  const kept = given.plan === undefined ? plan : given.plan;
  const { rows } = await superuser.query(
    `update roster_source set last_run_no = last_run_no + 1 where tenant_id = $1 and connection_id = $2
     returning last_run_no`,
    [tenantId, connectionId],
  );
  await superuser.query(
    `insert into sync_run (tenant_id, run_id, connection_id, run_no, mode, state, reason, advice, connector,
       connector_version, requested_by, progress, plan, requested_at, started_at, planned_at, ended_at, applied_at, outcome)
     values ($1, $2, $3, $4, 'full', $5, $6, $7, 'paper-sis', '1.2.0', 'test', $8, $9, $10, $10, $10, $11, $12, $13)`,
    [
      ...[tenantId, runId, connectionId, rows[0].last_run_no, state],
      ...(state === 'held' ? ['removals', 'Look at the plan.'] : [null, null]),
      ...[JSON.stringify({ users: { rows: 107, done: true } }), kept && JSON.stringify(kept), at],
      ...[isOver ? at : null, state === 'applied' ? at : null, isOver ? 'success' : null],
    ],
  );
  await superuser.query(
    `insert into sync_hold (tenant_id, run_id, hold_no, code, entity, school, count, total, allowed)
     values ($1, $2, 1, 'removals', 'users', 's1', 40, 100, 25)`,
    [tenantId, runId],
  );
  await superuser.query(
    `insert into sync_run_part (tenant_id, run_id, part, entity, name) values ($1, $2, 1, 'users', 'users.csv')`,
    [tenantId, runId],
  );
  for (let i = 1; i <= findings; i++) {
    await superuser.query(
      `insert into sync_finding (tenant_id, run_id, finding_no, code, severity, entity, part, line, column_name, sourced_id)
       values ($1, $2, $3, 'enum_unknown', 'warning', 'users', 1, $3 + 1, 'role', $4)`,
      [tenantId, runId, i, `=u${i}`],
    );
  }
  return runId;
}
