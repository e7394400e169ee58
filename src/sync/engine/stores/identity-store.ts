import type { StagingTx } from '../../../platform/db.ts';
import { sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { note } from './finding-store.ts';
import { raw, roster } from './names.ts';

/** A sourcedId that has become another person's, and a person whose sourcedId has become another. */
export async function checkPersons(tx: StagingTx, run: EngineRun): Promise<void> {
  const ours = sql`c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId}`;
  const differs = (column: string) => raw(`lower(c.${column}) is distinct from lower(f.${column})`);
  await note(
    tx,
    run,
    { code: 'sourced_id_recycled', severity: 'warning', entity: 'users', column: 'sourcedId' },
    sql`select f.part, f.line, f.sourced_id from fresh_user f join ${roster('users')} c
        on ${ours} and c.sourced_id = f.sourced_id
      where f.action in ('change', 'restore') and ${differs('family_name')} and ${differs('given_name')}
        and ${differs('username')} and (${differs('email')} or f.email is null)`,
  );
  // What many are called says of nobody who it is.
  const key = (alias: string) => raw(`lower(${alias}.username), lower(${alias}.family_name)`);
  await note(
    tx,
    run,
    { code: 'sourced_id_replaced', severity: 'warning', entity: 'users', column: 'sourcedId' },
    sql`select f.part, f.line, f.sourced_id from (
        select part, line, sourced_id, ${key('u')}, count(*) over (partition by ${key('u')}) as alike
        from fresh_user u
        where action = 'create' and (select exists (select from gone g where g.entity = 'users'))) f (part, line, sourced_id, username, family_name, alike)
      where alike = 1 and (username, family_name) in (
        select ${key('c')} from gone g join ${roster('users')} c on ${ours} and c.sourced_id = g.sourced_id
        where g.entity = 'users' group by ${key('c')} having count(*) = 1)`,
  );
}
