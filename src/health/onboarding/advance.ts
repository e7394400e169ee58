import type { OnboardingId, TenantId } from '../../../contracts/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import type { Log } from '../../platform/log.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import { findLoneConnection, listShown, listUnfinishedOnboardings } from './evidence-store.ts';
import {
  addEntry,
  findOnboarding,
  listEntries,
  type Onboarding,
  updateOnboarding,
} from './onboarding-store.ts';
import { decideReached, decideSince, type ReachedStage } from './reached.ts';
import { decideTransition } from './transition.ts';

export interface AdvanceDeps {
  db: Pick<Database, 'withRollup' | 'withTenant'>;
  clock: Clock;
  log: Log;
}

const most = 5_000;

/** Moves every onboarding on that is further than it says. One that fails stops no other. Safe to run at any time. */
export async function advanceAll({ db, clock, log }: AdvanceDeps, signal?: AbortSignal): Promise<void> {
  const unfinished = await db.withRollup((tx) => listUnfinishedOnboardings(tx, most));
  for (const { tenantId, onboardingId } of unfinished) {
    if (signal?.aborted === true) return;
    const by = { actor: 'job:advance_onboardings', now: clock.now() };
    await advanceOnboarding(db, tenantId, onboardingId, by).catch((error: unknown) => {
      log.warn('onboarding_not_advanced', { tenantId, error });
    });
  }
}

/**
 * Moves an onboarding to the stages that were reached, each with what has shown it and from when it was so. An onboarding
 * whose connection nobody has named takes the one it can only be.
 *
 * @returns the stages, in the order of time; none where it stands where it says
 */
export function advanceOnboarding(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  onboardingId: OnboardingId,
  by: ChangeBy,
): Promise<ReachedStage[]> {
  return db.withTenant(tenantId, async (tx) => {
    const before = await findOnboarding(tx, onboardingId, true);
    if (before === undefined || before.endedAt !== null || before.stage === 'live') return [];
    const entries = (await listEntries(tx, onboardingId)).map((each) => ({ ...each, at: each.at.getTime() }));
    const last = entries.at(-1);
    if (last === undefined) return [];
    const connectionId = before.connectionId ?? (await findLoneConnection(tx, before)) ?? null;
    const since = decideSince(entries);
    const from = since === undefined ? undefined : new Date(since);
    const shown = await listShown(tx, connectionId, from, new Date(by.now));
    const reached = decideReached(last, shown);
    if (reached.length === 0) return [];
    const after = reached.reduce(moveTo, { ...before, connectionId });
    await updateOnboarding(tx, after);
    let at = before;
    for (const step of reached) {
      at = moveTo(at, step);
      const { stage, waitingOn, promisedOn } = at;
      const { evidence } = step;
      await addEntry(tx, onboardingId, {
        stage,
        waitingOn,
        promisedOn,
        at: new Date(step.at),
        actor: by.actor,
        evidence,
      });
    }
    const values = {
      before: { stage: before.stage, connectionId: before.connectionId },
      after: { stage: after.stage, connectionId, evidence: reached.map(({ evidence }) => evidence) },
    };
    const change = { announce: `tenant:${tenantId}`, action: 'onboarding.advanced' } as const;
    await recordChange(tx, { ...change, subject: `onboarding:${onboardingId}`, ...values }, by);
    return reached;
  });
}

function moveTo(onboarding: Onboarding, { stage }: Pick<ReachedStage, 'stage'>): Onboarding {
  const transition = decideTransition(onboarding, { type: 'reach', to: stage });
  if (transition.kind === 'refused') throw new Error(`${stage} is not ahead of ${onboarding.stage}`);
  const { waitingOn } = transition;
  return { ...onboarding, stage, waitingOn, version: onboarding.version + 1 };
}
