import type { ProbeKind } from '../../../contracts/probes.ts';

/** A connection that can be asked. Times in Unix milliseconds. */
export interface Candidate {
  tenantId: string;
  connectionId: string;
  partner: string;
  kind: ProbeKind;
  /** When people or a schedule last used it; undefined: not within a day. */
  lastTraffic: number | undefined;
  lastProbe: number | undefined;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How often a connection is asked at most: reading from a source costs its server something. */
export const probeEveryMs: Readonly<Record<ProbeKind, number>> = {
  launch: 15 * minuteMs,
  login: 15 * minuteMs,
  read: 6 * hourMs,
};
/** A partner over which nothing came for so long is quiet. */
const quietAfterMs = hourMs;
/** Connections of a quiet partner that stand for it, at a time. */
const samples = 3;
/** A connection that nobody uses is asked once a day, so that a term does not find it dead. */
const freshMs = 24 * hourMs;
/** A pass runs every few minutes, and the last one may have been a little late. */
const slackMs = minuteMs;

/**
 * Which connections are asked now: some of each partner that is quiet, since traffic itself tells of the others; and those that
 * are idle themselves, once a day. The longest unasked come first.
 *
 * @param most in one pass
 */
export function planProbes(candidates: readonly Candidate[], now: number, most: number): Candidate[] {
  const due = candidates.filter(({ kind, lastProbe }) =>
    isOver(lastProbe, probeEveryMs[kind] - slackMs, now),
  );
  const isIdle = ({ lastTraffic, lastProbe }: Candidate) =>
    isOver(lastTraffic, freshMs, now) && isOver(lastProbe, freshMs, now);
  const byPartner = Map.groupBy(candidates, partnerOf);
  const quiet = new Set(
    [...byPartner].flatMap(([partner, own]) =>
      own.every(({ lastTraffic }) => isOver(lastTraffic, quietAfterMs, now)) ? [partner] : [],
    ),
  );
  const ordered = due.toSorted(byLastProbe);
  const sampled = [...Map.groupBy(ordered, partnerOf)].flatMap(([partner, own]) =>
    quiet.has(partner) ? own.slice(0, room(byPartner.get(partner) ?? [], now)) : [],
  );
  const chosen = new Set([...sampled, ...ordered.filter(isIdle)]);
  return ordered.filter((each) => chosen.has(each)).slice(0, most);
}

/** What is left of a quiet partner's samples, after those that were asked a moment ago. */
function room(own: readonly Candidate[], now: number): number {
  const fresh = own.filter(({ kind, lastProbe }) => !isOver(lastProbe, probeEveryMs[kind] - slackMs, now));
  return Math.max(0, samples - fresh.length);
}

function partnerOf({ partner, kind }: Candidate): string {
  return `${kind} ${partner}`;
}

function isOver(last: number | undefined, ms: number, now: number): boolean {
  return last === undefined || now - last >= ms;
}

function byLastProbe(a: Candidate, b: Candidate): number {
  return (a.lastProbe ?? 0) - (b.lastProbe ?? 0) || (a.connectionId < b.connectionId ? -1 : 1);
}
