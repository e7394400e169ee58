import type { ProbeKind } from '../../../contracts/probes.ts';
import { type Outcome, outcomeMeanings } from '../outcomes.ts';

/** One time that a connection was asked. */
export interface Probed {
  tenantId: string;
  connectionId: string;
  partner: string;
  kind: ProbeKind;
  outcome: Outcome;
  /** Unix milliseconds. */
  endedAt: number;
}

/** Connections that fail since the last time they did not, with how often in a row. What could not be asked says nothing. */
export function sumFailures(probed: readonly Probed[]) {
  const told = probed.filter(({ outcome }) => outcomeMeanings[outcome].counted);
  const series = Map.groupBy(
    told,
    ({ tenantId, connectionId, kind }) => `${tenantId} ${connectionId} ${kind}`,
  );
  return [...series.values()].flatMap((own) => {
    const newestFirst = own.toSorted((a, b) => b.endedAt - a.endedAt);
    const good = newestFirst.findIndex(({ outcome }) => !outcomeMeanings[outcome].failure);
    const failed = good === -1 ? newestFirst : newestFirst.slice(0, good);
    const [last, first] = [failed[0], failed.at(-1)];
    if (last === undefined || first === undefined) return [];
    const { tenantId, connectionId, partner, kind } = last;
    const failedPartner = failed.filter(({ outcome }) => outcome === 'failed_partner').length;
    return [
      { tenantId, connectionId, partner, kind, failures: failed.length, failedPartner, since: first.endedAt },
    ];
  });
}
