import { HUB_TENANT, type TenantId } from '../../../contracts/ids.ts';
import type { Database } from '../../platform/db.ts';
import { listSchoolCalendars } from '../calendars/calendar-store.ts';
import { listTerms } from '../calendars/terms.ts';
import { inScope } from '../notifications/targets.ts';
import { type Burden, byPartner, middleStart, sumBurden } from './sum.ts';
import { countToil, type ToilCount } from './toil-store.ts';
import { sumWork } from './work-store.ts';

export type { ToilCount } from './toil-store.ts';

/** A stretch of time with what work on integrations went into it, in minutes. */
export interface BurdenOf {
  from: Date;
  to: Date;
  total: Burden;
  /** The greatest first. */
  partners: (Burden & { partner: string | null })[];
}

export interface BurdenReport {
  month: BurdenOf;
  /** Since the term began that is on; of the hub, of most schools. Null between terms. */
  term: BurdenOf | null;
}

type Deps = Pick<Database, 'tenant' | 'withTenant' | 'withHub' | 'withRollup'>;
const dayMs = 86_400_000;

/** How much of the work of a school, or under the nil tenant of the hub, only keeps integrations going. @param now Unix milliseconds */
export async function readBurden(db: Deps, tenantId: TenantId, now: number): Promise<BurdenReport> {
  const begun = tenantId === HUB_TENANT ? await beginOfHub(db, now) : await beginOf(db, tenantId, now);
  const read = async (since: number): Promise<BurdenOf> => {
    const [from, to] = [new Date(since), new Date(now)];
    const sums = await inScope(db, tenantId, (tx) => sumWork(tx, from, to));
    return { from, to, total: sumBurden(sums), partners: byPartner(sums) };
  };
  return { month: await read(now - 28 * dayMs), term: begun === undefined ? null : await read(begun) };
}

/** Toil by partner and month, in whole months back from now; of one school, or under the nil tenant of all. */
export function readToil(
  db: Pick<Database, 'withRollup'>,
  tenantId: TenantId,
  { months, now }: { months: number; now: number },
): Promise<ToilCount[]> {
  const today = new Date(now);
  const from = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - months + 1, 1));
  const whose = tenantId === HUB_TENANT ? undefined : tenantId;
  return db.withRollup((tx) => countToil(tx, { from, to: today, tenantId: whose }));
}

async function beginOf(db: Deps, tenantId: TenantId, now: number): Promise<number | undefined> {
  const terms = await listTerms(db.tenant(tenantId));
  return terms
    .find(({ startsAt, endsAt }) => startsAt.getTime() <= now && now < endsAt.getTime())
    ?.startsAt.getTime();
}

async function beginOfHub(db: Deps, now: number): Promise<number | undefined> {
  const today = new Date(now);
  const schools = await db.withRollup((tx) => listSchoolCalendars(tx, { from: today, to: today }));
  const starts = schools.flatMap(({ spans }) =>
    spans.filter(({ kind }) => kind === 'term').map(({ from }) => Date.parse(from)),
  );
  return middleStart(starts);
}
