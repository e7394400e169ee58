import { setTimeout as delay } from 'node:timers/promises';
import type { TenantId } from '../../../contracts/ids.ts';
import { entities } from '../../../contracts/roster.ts';
import { tables } from '../../../src/roster/tables.ts';
import type { Ground } from '../world/ground.ts';

/** All rosters of a school as one statement sees them, by connection: rows by entity, and a sum over what is in them. */
export type Sight = Readonly<Record<string, string>>;

/** Somebody who reads the roster all the time. */
export interface Watch {
  /** Every different state that was seen of any connection, as `connection: state`. */
  readonly seen: ReadonlySet<string>;
  readonly looks: () => number;
  look(): Promise<Sight>;
  stop(): Promise<void>;
}

const everyMs = 60;

export function watchRosters({ query }: Pick<Ground, 'query'>, tenantId: TenantId): Watch {
  const seen = new Set<string>();
  let looks = 0;
  let stopped = false;
  const statement = statementOf();

  async function look(): Promise<Sight> {
    const rows = await query<{ connection_id: string; state: string }>(statement, [tenantId]);
    return Object.fromEntries(rows.map((row) => [row.connection_id, row.state]));
  }

  const watching = (async () => {
    while (!stopped) {
      // Nothing is seen while the database is away.
      const sight = await look().catch(() => ({}));
      looks += 1;
      for (const state of statesOf(sight)) seen.add(state);
      await delay(everyMs);
    }
  })();
  return {
    seen,
    looks: () => looks,
    look,
    stop: async () => {
      stopped = true;
      await watching;
    },
  };
}

/** The states of a sight, as they stand in `seen`. */
export function statesOf(sight: Sight): string[] {
  return Object.entries(sight).map(([connectionId, state]) => `${connectionId}: ${state}`);
}

/** One statement, so that it sees one moment. */
function statementOf(): string {
  const each = entities.map(
    (entity) => `select connection_id, '${entity}' as entity, count(*) as rows,
      sum(hashtextextended(sourced_id, content_hash)) as content
    from ${tables[entity]} where tenant_id = $1 and removed_at is null group by connection_id`,
  );
  return `select connection_id, string_agg(entity || ' ' || rows || ' ' || content, ', ' order by entity) as state
    from (${each.join(' union all ')}) e group by connection_id`;
}
