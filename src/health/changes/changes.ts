import type { TenantId } from '../../../contracts/ids.ts';
import type { Database } from '../../platform/db.ts';
import { listAllLevels } from '../slo/level-store.ts';
import { builtInLevel } from '../slo/targets.ts';
import { listChanges, type StoredChange } from './change-store.ts';
import { type Comparison, compareRates, isSignificantBurn } from './compare.ts';
import { countsAround, listCycles, listLinkedIncidents, listUnfinished } from './effect-store.ts';
import {
  type ChangeVerdict,
  decideVerdicts,
  type FailureRate,
  leastWindowMs,
  sumVerdicts,
} from './verdict.ts';

export interface ChangeView {
  change: StoredChange;
  verdict: ChangeVerdict;
  /** Failure rates of three days before and after it; undefined for a change that is of no single connection. */
  comparison: Comparison | undefined;
}

export interface ChangeReport {
  /** The oldest first. Changes of integrations that are not live yet are left out. */
  changes: ChangeView[];
  rate: ReturnType<typeof sumVerdicts>;
}

export type { FailureRate };

/** A school's changes to live integrations since a moment, what became of each, and the change failure rate. */
export async function readChanges(
  db: Pick<Database, 'withTenant' | 'withRollup'>,
  tenantId: TenantId,
  { since, now }: { since: Date; now: number },
): Promise<ChangeReport> {
  const levels = await db.withRollup(listAllLevels);
  // The strictest: a connection's exchanges are of several kinds.
  const own = levels.filter((each) => each.tenantId === tenantId).map(({ target }) => target);
  const target = Math.max(builtInLevel('launch', 'standard').target, ...own);
  return db.withTenant(tenantId, async (tx) => {
    const unfinished = await listUnfinished(tx);
    const all = await listChanges(tx, since);
    const live = all.filter(({ connectionId }) => connectionId === null || !unfinished.has(connectionId));
    const cycles = await listCycles(tx);
    const views: { change: StoredChange; comparison: Comparison | undefined }[] = [];
    for (const change of live) {
      if (change.connectionId === null) {
        views.push({ change, comparison: undefined });
        continue;
      }
      const { before, after } = await countsAround(tx, change.connectionId, change.at, leastWindowMs);
      views.push({ change, comparison: compareRates(before, after) });
    }
    const incidents = await listLinkedIncidents(tx);
    const verdicts = decideVerdicts(
      views.map(({ change, comparison }) => ({
        ...{ changeId: change.changeId, type: change.type, at: change.at.getTime() },
        cycleMs: (change.connectionId && cycles.get(change.connectionId)) || 0,
        ...{ version: versionOf(change), owner: change.connectionId ?? 'school' },
        reverts: change.reverts ?? undefined,
        burned: comparison !== undefined && isSignificantBurn(comparison, target),
      })),
      incidents,
      now,
    );
    const byId = new Map(verdicts.map((verdict) => [verdict.changeId, verdict]));
    const changes = views.flatMap(({ change, comparison }): ChangeView[] => {
      const verdict = byId.get(change.changeId);
      return verdict === undefined ? [] : [{ change, verdict, comparison }];
    });
    return { changes, rate: sumVerdicts(verdicts) };
  });
}

function versionOf({ type, action }: StoredChange): string | undefined {
  return type === 'connector_version' || type === 'hub_release' ? action.split(':').at(-1) : undefined;
}
