import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { takeUp } from './compare-store.ts';
import { note } from './finding-store.ts';
import { fresh, raw, staged, trimmed } from './names.ts';

/**
 * A source fills in status and dateLastModified in all of its rows or in none, and writes them all alike: so many tell,
 * without another pass over ten million. The strict profile looks at all.
 */
const enoughToTell = 20_000;

const stated = raw(`nullif(btrim(s.status), '') is not null`);
const dated = raw(`nullif(btrim(s.date_last_modified), '') is not null`);

const seen = z.object({ status: z.boolean(), date: z.boolean() });

/** Notes statuses that are none, and moments that cannot be told (OneRoster 1.2 CSV §1.4: dateTime in UTC). */
export async function settleStatus(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const first = sql`(select * from ${staged(entity)} limit ${enoughToTell}) s`;
  const has = await tx.one(
    sql`select coalesce(bool_or(${stated}), false) as status, coalesce(bool_or(${dated}), false) as date from ${first}`,
    seen,
  );
  const isStrict = run.profile === 'strict';
  const all = sql`${staged(entity)} s`;
  if (has.status || isStrict) {
    const strange = sql`from ${all} where ${stated} and lower(btrim(s.status)) not in ('active', 'tobedeleted')`;
    await settle(tx, run, entity, { code: 'status_unknown', column: 'status' }, strange);
  }
  if (!has.date && !isStrict) return;
  const moment = '^\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d([.]\\d+)?)?';
  const from = sql`from ${isStrict ? all : first} where ${dated}`;
  const column = 'dateLastModified';
  await settle(
    tx,
    run,
    entity,
    { code: 'moment_without_zone', column },
    sql`${from} and btrim(s.date_last_modified) ~ ${`${moment}$`}`,
  );
  await settle(
    tx,
    run,
    entity,
    { code: 'moment_unreadable', column },
    sql`${from} and btrim(s.date_last_modified) !~ ${`${moment}(Z|[+-]\\d\\d:?\\d\\d)?$`}`,
  );
}

/** @param strange the staged rows, from `from` on */
async function settle(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  kind: { code: string; column: string },
  strange: Sql,
): Promise<void> {
  const rejects = run.profile === 'strict';
  await note(
    tx,
    run,
    { ...kind, entity, severity: rejects ? 'error' : 'warning' },
    sql`select s.part, s.line, ${trimmed(raw('s.sourced_id'))} as sourced_id ${strange}`,
  );
  if (!rejects) return;
  await takeUp(tx, run, entity, sql`(f.part, f.line) in (select s.part, s.line ${strange})`);
  await tx.exec(sql`update ${fresh(entity)} f set action = 'reject'
    where f.action <> 'reject' and (f.part, f.line) in (select s.part, s.line ${strange})`);
}
