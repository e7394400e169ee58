import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { whole } from './compare-store.ts';
import { noteSet } from './finding-store.ts';
import { raw } from './names.ts';

const calendar = z.object({ count: z.number(), is_over: z.boolean() });

/** A roster all of whose sessions are over: it is last year's, unless these are the holidays. */
export async function checkCalendar(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  if (entity !== 'academicSessions') return;
  const sessions = whole(tx, run, entity, {
    ofFresh: raw('f.end_date'),
    ofRoster: raw('c.end_date::text as end_date'),
  });
  // Days compare as text: all are YYYY-MM-DD by now.
  const { count, is_over } = await tx.one(
    sql`select count(*)::float8 as count, coalesce(max(s.end_date) < ${run.today}::text, false) as is_over
      from ${sessions} s`,
    calendar,
  );
  if (is_over) await noteSet(tx, run, { code: 'sessions_over', severity: 'warning', entity }, count);
}
