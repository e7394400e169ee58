import { z } from 'zod';
import type { CalendarPeriod } from '../../../contracts/calendars.ts';
import { exchangeKinds, serviceTiers } from '../../../contracts/health.ts';
import { HUB_TENANT, type TenantId } from '../../../contracts/ids.ts';
import type { Database, HubTx, TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseInput } from '../../platform/input.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import { findCalendar } from '../calendars/calendars.ts';
import { dateOf, dayIn, dayNumber } from '../calendars/days.ts';
import { decidePeriod } from '../calendars/period.ts';
import { inScope } from '../notifications/targets.ts';
import { type Budget, decideFreeze, type Freeze, sumBudget } from './budget.ts';
import { readKindCounts } from './budget-store.ts';
import { deleteLevel, listAllLevels, listLevels, type StoredLevel, saveLevel } from './level-store.ts';
import { decideLevel } from './targets.ts';

const share = z.number().gt(0.5).lt(1);
const newLevel = z
  .strictObject({
    kind: z.enum(exchangeKinds),
    tier: z.enum(serviceTiers),
    target: share,
    examTarget: share,
  })
  .refine(({ target, examTarget }) => examTarget >= target, {
    error: 'The target for exams is not below the usual one.',
    path: ['examTarget'],
  });
export type NewLevel = z.input<typeof newLevel>;

type Scopes = Pick<Database, 'withTenant' | 'withHub'>;

/** Sets a target for a school, or under the nil tenant for all. @throws DomainError input `level_invalid` */
export async function setLevel(db: Scopes, tenantId: TenantId, input: NewLevel, by: ChangeBy): Promise<void> {
  const level = parseInput(newLevel, input, 'level_invalid');
  await inScope(db, tenantId, async (tx) => {
    await saveLevel(tx, level, new Date(by.now));
    await record(tx, 'service_level.set', level, by);
  });
}

/** Goes back to the hub's target, or to the built-in one. @throws DomainError not_found `level_not_set` */
export async function clearLevel(
  db: Scopes,
  tenantId: TenantId,
  { kind, tier }: Pick<NewLevel, 'kind' | 'tier'>,
  by: ChangeBy,
): Promise<void> {
  await inScope(db, tenantId, async (tx) => {
    if (await deleteLevel(tx, kind, tier)) return record(tx, 'service_level.cleared', { kind, tier }, by);
    throw new DomainError('not_found', 'level_not_set', 'No target is set for this kind and tier.');
  });
}

/** The targets somebody has set in a scope. */
export function readLevels(db: Scopes, tenantId: TenantId): Promise<StoredLevel[]> {
  return inScope(db, tenantId, listLevels);
}

export interface KindBudget {
  kind: (typeof exchangeKinds)[number];
  tier: (typeof serviceTiers)[number];
  month: Budget;
  /** While the school has exams. */
  exams: Budget | null;
  freeze: Freeze;
}

export interface SchoolBudgets {
  /** The part of the school year today is in; null without a calendar. */
  period: CalendarPeriod | null;
  /** The strictest of all kinds: what may be changed for the school now. */
  freeze: Freeze;
  kinds: KindBudget[];
}

const dayMs = 86_400_000;
const strictness: readonly Freeze[] = ['open', 'fixes_only', 'frozen'];

/** What is left of each kind's room for failures, over 28 days and over the exams that are on. */
export async function readBudgets(
  db: Pick<Database, 'withTenant' | 'withRollup'>,
  tenantId: TenantId,
  now: number,
): Promise<SchoolBudgets> {
  const levels = await db.withRollup(listAllLevels);
  const [own, ofHub] = [
    levels.filter((each) => each.tenantId === tenantId),
    levels.filter((each) => each.tenantId === HUB_TENANT),
  ];
  return db.withTenant(tenantId, async (tx) => {
    const calendar = await findCalendar(tx);
    const today = dayIn(calendar?.zone ?? 'UTC')(now);
    const period = decidePeriod(calendar?.spans ?? [], today) ?? null;
    const date = dateOf(today);
    const exams = calendar?.spans.find(
      ({ kind, from, to }) => kind === 'exams' && from <= date && date <= to && period === 'exams',
    );
    const month = await readKindCounts(tx, new Date(now - 28 * dayMs), now);
    const begun = exams && dayNumber(exams.from) * dayMs;
    const during = begun === undefined ? [] : await readKindCounts(tx, new Date(begun), now);
    const share =
      exams && begun !== undefined ? (dayNumber(exams.to) + 1 - dayNumber(exams.from)) * dayMs : 0;
    const kinds = month.map(({ kind, tier, counts }): KindBudget => {
      const { target, examTarget } = decideLevel(kind, tier, own, ofHub);
      const inExams = during.find((each) => each.kind === kind && each.tier === tier)?.counts;
      const passed = begun === undefined ? 1 : Math.max(dayMs, now - begun);
      const examBudget =
        exams === undefined
          ? null
          : sumBudget(
              inExams ?? { valid: 0, failed: 0 },
              examTarget,
              ((inExams?.valid ?? 0) * Math.max(share, passed)) / passed,
            );
      const monthBudget = sumBudget(counts, target);
      const budgets = { exams: examBudget ?? undefined, month: monthBudget };
      const freeze = decideFreeze(period ?? undefined, budgets);
      return { kind, tier, month: monthBudget, exams: examBudget, freeze };
    });
    const strictest = Math.max(0, ...kinds.map(({ freeze }) => strictness.indexOf(freeze)));
    return { period, freeze: strictness[strictest] ?? 'open', kinds };
  });
}

function record(tx: TenantTx | HubTx, action: string, after: object, by: ChangeBy): Promise<void> {
  const announce = `tenant:${tx.tenantId}` as const;
  return recordChange(tx, { announce, action, subject: announce, after }, by);
}
