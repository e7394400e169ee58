import type { Send, WireAnswer, WireRequest } from './connections.ts';
import { type Phase, readOrExplain } from './flow.ts';
import type { OpenLoopTimes } from './open-loop.ts';
import { atRate } from './pace.ts';
import { tidy } from './tidy.ts';

export interface TurnLoop<Journey> {
  start(): Journey;
  /** What follows the first is what somebody else hands on. */
  phases: readonly [Phase<Journey>, Phase<Journey>, ...Phase<Journey>[]];
  send: Send;
  /** Journeys that begin, and journeys that are taken up again, each second, evenly spaced, however slowly others go. */
  perSecond: number;
  /** Length of a turn. */
  secondsEach: number;
  /** Turns in which journeys begin that count. */
  turns: number;
}

/** A journey that somebody else has done his part of. */
interface HandedOn<Journey> {
  journey: Journey;
  request: WireRequest;
  /** Milliseconds its first request took. */
  took: number;
}

/**
 * Journeys at a constant rate, with somebody else's work in their middle, who is not there to be measured and would take
 * the cores of whom is: he works between the turns. In a turn new journeys arrive, and at the same rate those of the turn
 * before are taken up again and finished, so that all kinds of request are under way at once. The first turn, which has none
 * to finish, and the last, in which none arrive, do not count. As in the open loop, requests are timed from when they were due.
 */
export async function runTurns<Journey>(loop: TurnLoop<Journey>): Promise<OpenLoopTimes> {
  const times: OpenLoopTimes = { journeys: 0, requests: {}, wholeJourneys: [] };
  for (const { name } of loop.phases) times.requests[name] = [];
  const count = Math.round(loop.perSecond * loop.secondsEach);
  let handedOn: HandedOn<Journey>[] = [];
  const last = loop.turns + 2;
  for (let turn = 0; turn <= last; turn++) {
    const arriving = Array.from({ length: turn < last ? count : 0 }, () => loop.start());
    // Journeys of the first turn arrived when nobody else was there.
    const counted = turn > 1 && turn < last ? times : undefined;
    const arrived = await runTurn(loop, arriving, handedOn, counted);
    const [, second] = loop.phases;
    const handOn = async ({ journey, took, answer }: Arrived<Journey>) => {
      readOrExplain(loop.phases[0], journey, answer);
      return { journey, took, request: await second.request(journey) };
    };
    handedOn = await Promise.all(arrived.map(handOn));
    tidy();
  }
  return times;
}

interface Arrived<Journey> {
  journey: Journey;
  answer: WireAnswer;
  took: number;
}

/** Answers that nothing waits for are read when the turn is over. */
async function runTurn<Journey>(
  { phases, send, perSecond }: TurnLoop<Journey>,
  arriving: readonly Journey[],
  handedOn: readonly HandedOn<Journey>[],
  times: OpenLoopTimes | undefined,
): Promise<Arrived<Journey>[]> {
  const [first, second, ...rest] = phases;
  const ask = async (phase: Phase<Journey>, request: WireRequest, due: number) => {
    const answer = await send(request);
    const took = performance.now() - due;
    times?.requests[phase.name]?.push(took);
    return { answer, took };
  };
  const arrive = async (journey: Journey, due: number) => ({
    journey,
    ...(await ask(first, await first.request(journey), due)),
  });
  const finish = async ({ journey, request, took }: HandedOn<Journey>, due: number) => {
    let phase: Phase<Journey> = second;
    let last = await ask(phase, request, due);
    let whole = took + last.took;
    for (const next of rest) {
      readOrExplain(phase, journey, last.answer);
      phase = next;
      last = await ask(phase, await phase.request(journey), performance.now());
      whole += last.took;
    }
    if (times !== undefined) {
      times.journeys += 1;
      times.wholeJourneys.push(whole);
    }
    return () => readOrExplain(phase, journey, last.answer);
  };

  const apart = 1000 / perSecond;
  const start = performance.now();
  const [arrivals, readings] = await Promise.all([
    atRate(arriving, start, apart, arrive),
    // Between two arrivals, not with them.
    atRate(handedOn, start + apart / 2, apart, finish),
  ]);
  for (const read of readings) read();
  return arrivals;
}
