import { z } from 'zod';
import type { HubTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import type { Breaker } from './transition.ts';

/** A host that is down, or is being tried. */
export interface DownHost {
  host: string;
  breaker: Exclude<Breaker, { state: 'closed' }>;
}

const hostRow = z
  .object({
    host: z.string(),
    state: z.enum(['open', 'half_open']),
    failures: z.number(),
    reason: z.string(),
    opened_at: z.date(),
    until: z.date(),
  })
  .transform(({ host, opened_at, until, ...rest }): DownHost => {
    return { host, breaker: { ...rest, openedAt: opened_at.getTime(), until: until.getTime() } };
  });

/** Hosts that are down, the longest one first. There are few. */
export function listDownHosts(tx: Pick<HubTx, 'many'>): Promise<DownHost[]> {
  return tx.many(
    sql`select host, state, failures, reason, opened_at, until from partner_host order by opened_at, host limit 1000`,
    hostRow,
  );
}

/** Puts down that a host is down: of two copies that find it out, the one that leaves it alone for longer counts. */
export async function saveDownHost(tx: HubTx, { host, breaker }: DownHost): Promise<void> {
  const { state, failures, reason, openedAt, until } = breaker;
  await tx.exec(sql`
    insert into partner_host as known (host, state, failures, reason, opened_at, until)
    values (${host}, ${state}, ${failures}, ${reason}, ${new Date(openedAt)}, ${new Date(until)})
    on conflict (host) do update set state = excluded.state, reason = excluded.reason,
      failures = greatest(known.failures, excluded.failures), opened_at = least(known.opened_at, excluded.opened_at),
      until = case when known.state = 'open' then greatest(known.until, excluded.until) else excluded.until end`);
}

/** Takes the one turn to try a host whose time has come. @returns false where another copy was faster, or it is up again */
export async function claimTrial(tx: HubTx, host: string, now: Date, until: Date): Promise<boolean> {
  const claimed = await tx.exec(sql`
    update partner_host set state = 'half_open', until = ${until} where host = ${host} and until <= ${now}`);
  return claimed > 0;
}

/** Gives a turn back that has told nothing. */
export async function returnTrial(tx: HubTx, host: string, now: Date): Promise<void> {
  await tx.exec(sql`
    update partner_host set state = 'open', until = ${now} where host = ${host} and state = 'half_open'`);
}

/** What one tool is known by among hosts; no host has such a name. */
export const toolPrefix = 'tool/';

/** Forgets that tools were down by themselves, but for those that are named. @param kept as they stand among hosts */
export async function deleteDownTools(tx: HubTx, kept: readonly string[]): Promise<void> {
  await tx.exec(sql`
    delete from partner_host where starts_with(host, ${toolPrefix}) and host <> all (${kept}::text[])`);
}

/** Forgets that a host was down. @returns whether it was */
export async function deleteDownHost(tx: HubTx, host: string): Promise<boolean> {
  return (await tx.exec(sql`delete from partner_host where host = ${host}`)) > 0;
}
