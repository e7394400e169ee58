import { z } from 'zod';
import { type ConnectionId, newId, type OnboardingId, type TenantId } from '../../../contracts/ids.ts';
import { type OnboardingStage, onboardingKinds, onboardingStages } from '../../../contracts/onboarding.ts';
import { refusingTaken } from '../../platform/db/conflicts.ts';
import type { Database, TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseInput } from '../../platform/input.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import { type Dwell, type StageEntry, sumDwell } from './dwell.ts';
import { type ForecastResult, forecastStable, type StageSample } from './forecast.ts';
import { type LeadTimes, sumLeadTimes } from './lead-time.ts';
import {
  addEntry,
  findOnboarding,
  hasConnection,
  insertOnboarding,
  listEntries,
  listPastOnboardings,
  type Onboarding,
  type PastOnboarding,
  type StoredEntry,
  updateOnboarding,
} from './onboarding-store.ts';
import { listStageSamples } from './sample-store.ts';
import { decideTransition, type OnboardingEvent, usualSide } from './transition.ts';

export { listOnboardings, type Onboarding } from './onboarding-store.ts';

export const newOnboarding = z.strictObject({
  name: z.string().trim().min(1).max(200),
  partner: z.string().trim().min(1).max(100),
  kind: z.enum(onboardingKinds),
  connectionId: z.uuid().optional(),
  promisedOn: z.iso.date().optional(),
});
export type NewOnboarding = z.input<typeof newOnboarding>;

/**
 * Begins an onboarding with its request.
 *
 * @throws DomainError input `onboarding_invalid`, conflict `connection_has_onboarding`, not_found `connection_unknown`
 */
export async function requestOnboarding(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  input: NewOnboarding,
  by: ChangeBy,
): Promise<Onboarding> {
  const fields = parseInput(newOnboarding, input, 'onboarding_invalid');
  const onboarding: Onboarding = {
    onboardingId: newId<OnboardingId>(by.now),
    ...{ name: fields.name, partner: fields.partner, kind: fields.kind, stage: 'requested' },
    connectionId: (fields.connectionId as ConnectionId | undefined) ?? null,
    waitingOn: usualSide.requested,
    promisedOn: fields.promisedOn ?? null,
    ...{ requestedAt: new Date(by.now), endedAt: null, version: 1 },
  };
  await withConnection(() =>
    db.withTenant(tenantId, async (tx) => {
      await requireConnection(tx, onboarding.connectionId);
      await insertOnboarding(tx, onboarding);
      await enter(tx, onboarding, by);
      await record(tx, 'onboarding.requested', onboarding.onboardingId, { after: fields }, by);
    }),
  );
  return onboarding;
}

export interface OnboardingChanges {
  event?: OnboardingEvent | undefined;
  connectionId?: ConnectionId | undefined;
  /** Null: nothing is promised any more. */
  promisedOn?: string | null | undefined;
}

/**
 * Moves an onboarding, or says what is known of it.
 *
 * @throws DomainError not_found `onboarding_unknown`, `connection_unknown`, conflict `onboarding_refused` with the
 *   transition's code in its details, `connection_has_onboarding`
 */
export async function changeOnboarding(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  onboardingId: OnboardingId,
  { event, connectionId, promisedOn }: OnboardingChanges,
  by: ChangeBy,
): Promise<Onboarding> {
  return withConnection(() =>
    db.withTenant(tenantId, async (tx) => {
      const before = (await findOnboarding(tx, onboardingId, true)) ?? unknown();
      await requireConnection(tx, connectionId);
      const moved = event === undefined ? before : move(before, event);
      const isOver = moved.stage === 'stable' || moved.stage === 'withdrawn';
      const after: Onboarding = {
        ...before,
        ...{ stage: moved.stage, waitingOn: moved.waitingOn, version: before.version + 1 },
        connectionId: connectionId ?? before.connectionId,
        promisedOn: promisedOn === undefined ? before.promisedOn : promisedOn,
        endedAt: isOver ? (before.endedAt ?? new Date(by.now)) : null,
      };
      await updateOnboarding(tx, after);
      await enter(tx, after, by);
      await record(
        tx,
        'onboarding.changed',
        onboardingId,
        { before: shown(before), after: shown(after) },
        by,
      );
      return after;
    }),
  );
}

function move(onboarding: Onboarding, event: OnboardingEvent) {
  const transition = decideTransition(onboarding, event);
  if (transition.kind === 'moved') return transition;
  throw new DomainError('conflict', 'onboarding_refused', refusals[transition.code], {
    details: { reason: transition.code, stage: onboarding.stage },
  });
}

const refusals = {
  onboarding_over: 'This onboarding is over. Request another one.',
  stage_not_before: 'It has not been there yet. Advance it one stage at a time.',
  stage_not_ahead: 'It is there already, or further.',
  stage_by_itself: 'It becomes stable by itself, after seven good days in a row.',
  not_live: 'It is not live.',
} as const;

/** An onboarding with its history and what is to be expected. */
export interface OnboardingView {
  onboarding: Onboarding;
  entries: StoredEntry[];
  dwell: Dwell;
  /** Undefined once it is over. */
  forecast: ForecastResult | undefined;
}

/** @throws DomainError not_found `onboarding_unknown` */
export async function getOnboarding(
  db: Pick<Database, 'withTenant' | 'withRollup'>,
  tenantId: TenantId,
  onboardingId: OnboardingId,
  now: number,
): Promise<OnboardingView> {
  const { onboarding, entries } = await db.withTenant(tenantId, async (tx) => ({
    onboarding: (await findOnboarding(tx, onboardingId)) ?? unknown(),
    entries: await listEntries(tx, onboardingId),
  }));
  const dwell = sumDwell(entries.map(toEntry), onboarding.endedAt?.getTime() ?? now);
  const { stage, partner, kind } = onboarding;
  if (stage === 'stable' || stage === 'withdrawn') return { onboarding, entries, dwell, forecast: undefined };
  const input = { partner, kind, stage, spent: dwell.stages[stage] ?? 0, now };
  const forecast = forecastStable(input, await readSamples(db, now, onboardingId));
  return { onboarding, entries, dwell, forecast };
}

/** Lead times over every school, with the age of those that are open. Withdrawn ones are neither. */
export async function readLeadTimes(db: Pick<Database, 'withRollup'>, now: number): Promise<LeadTimes> {
  const since = new Date(now - historyMs);
  const past = await db.withRollup((tx) => listPastOnboardings(tx, since, mostOfHistory));
  const kept = past.filter(({ entries }) => entries.at(-1)?.stage !== 'withdrawn');
  return sumLeadTimes(
    kept.map(({ requestedAt, endedAt }) => ({
      requestedAt: requestedAt.getTime(),
      stableAt: endedAt === null ? null : endedAt.getTime(),
    })),
    now,
  );
}

/** Two years of history: older partners and hubs were others. */
const historyMs = 730 * 86_400_000;
const mostOfHistory = 5_000;
/** Enough for every partner and kind, and read within a moment. */
const mostOfSamples = 2_000;

/** What forecasts are made from. @param except an onboarding whose own past says nothing of what comes */
export function readSamples(
  db: Pick<Database, 'withRollup'>,
  now: number,
  except?: OnboardingId,
): Promise<StageSample[]> {
  const since = new Date(now - historyMs);
  return db.withRollup((tx) => listStageSamples(tx, { since, most: mostOfSamples, except }));
}

/** How long each stage took that was left for good. */
export function samplesOf(
  past: readonly Pick<PastOnboarding, 'partner' | 'kind' | 'entries'>[],
): StageSample[] {
  return past.flatMap(({ partner, kind, entries }) => {
    const last = entries.at(-1);
    if (last === undefined) return [];
    const { stages } = sumDwell(entries, last.at);
    return onboardingStages.flatMap((stage: OnboardingStage) => {
      const dwell = stages[stage];
      return dwell === null || stage === last.stage ? [] : [{ partner, kind, stage, dwell }];
    });
  });
}

function toEntry({ stage, waitingOn, at }: StoredEntry): StageEntry {
  return { stage, waitingOn, at: at.getTime() };
}

function enter(tx: TenantTx, { onboardingId, stage, waitingOn, promisedOn }: Onboarding, by: ChangeBy) {
  return addEntry(tx, onboardingId, { stage, waitingOn, promisedOn, at: new Date(by.now), actor: by.actor });
}

function shown({ stage, waitingOn, promisedOn, connectionId }: Onboarding): object {
  return { stage, waitingOn, promisedOn, connectionId };
}

function record(
  tx: TenantTx,
  action: string,
  onboardingId: OnboardingId,
  values: { before?: unknown; after?: unknown },
  by: ChangeBy,
): Promise<void> {
  const subject = `onboarding:${onboardingId}`;
  return recordChange(tx, { announce: `tenant:${tx.tenantId}`, action, subject, ...values }, by);
}

async function requireConnection(tx: TenantTx, connectionId: ConnectionId | null | undefined): Promise<void> {
  if (connectionId === null || connectionId === undefined || (await hasConnection(tx, connectionId))) return;
  const message = 'This tenant has no such connection. Show the tenant to see its connections.';
  throw new DomainError('not_found', 'connection_unknown', message);
}

function withConnection<T>(work: () => Promise<T>): Promise<T> {
  const taken = 'This connection has an onboarding already. Show the tenant’s onboardings to see which.';
  return refusingTaken(
    'onboarding_of_connection',
    work,
    (cause) => new DomainError('conflict', 'connection_has_onboarding', taken, { cause }),
  );
}

function unknown(): never {
  const message = 'This tenant has no such onboarding. List its onboardings to see their ids.';
  throw new DomainError('not_found', 'onboarding_unknown', message);
}
