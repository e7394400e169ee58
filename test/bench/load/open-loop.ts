import type { Send } from './connections.ts';
import { type Phase, readOrExplain } from './flow.ts';
import { atRate } from './pace.ts';

export interface OpenLoop<Journey> {
  /** @param due when it was to begin, by `performance.now()` */
  start(due: number): Journey;
  phases: readonly Phase<Journey>[];
  send: Send;
  /** Journeys that begin each second, evenly spaced, however slowly the earlier ones go. */
  perSecond: number;
  seconds: number;
  /** How long the load runs before it counts, in seconds. */
  leadSeconds: number;
}

export interface OpenLoopTimes {
  journeys: number;
  /** Milliseconds of every request, by phase. */
  requests: Record<string, number[]>;
  /** Milliseconds of a journey's requests together, without what happens between them. */
  wholeJourneys: number[];
}

/**
 * Sends journeys at a constant rate. The first request of each is timed from when it was due, not from when it could be
 * sent, so that a server that stalls is charged for everybody it keeps waiting (no coordinated omission).
 */
export async function runOpenLoop<Journey>(loop: OpenLoop<Journey>): Promise<OpenLoopTimes> {
  const { phases, perSecond, seconds, leadSeconds } = loop;
  const times: OpenLoopTimes = { journeys: 0, requests: {}, wholeJourneys: [] };
  for (const { name } of phases) times.requests[name] = [];
  const lead = Math.round(perSecond * leadSeconds);
  const total = lead + Math.round(perSecond * seconds);
  const journeys = Array.from({ length: total }, (_none, index) => index);
  await atRate(journeys, performance.now(), 1000 / perSecond, (index, due) =>
    takeJourney(loop, due, index < lead ? undefined : times),
  );
  return times;
}

async function takeJourney<Journey>(
  { start, phases, send }: OpenLoop<Journey>,
  due: number,
  times: OpenLoopTimes | undefined,
): Promise<void> {
  const journey = start(due);
  let whole = 0;
  for (const [index, phase] of phases.entries()) {
    const request = await phase.request(journey);
    const from = index === 0 ? due : performance.now();
    const answer = await send(request);
    const took = performance.now() - from;
    readOrExplain(phase, journey, answer);
    times?.requests[phase.name]?.push(took);
    whole += took;
  }
  if (times === undefined) return;
  times.journeys += 1;
  times.wholeJourneys.push(whole);
}
