import type { Send, WireAnswer, WireRequest } from './connections.ts';

/** One kind of request in a journey of several. */
export interface Phase<Journey> {
  name: string;
  /** Builds the request; what somebody else does between two phases happens here and is not timed. */
  request(journey: Journey): WireRequest | Promise<WireRequest>;
  /** Checks the answer and keeps what the next phase needs. @throws Error when anything is not as it must be */
  read(journey: Journey, answer: WireAnswer): void;
}

export interface PhaseTime {
  name: string;
  seconds: number;
  /** CPU seconds this process spent meanwhile: the price of making the load. */
  generatorSeconds: number;
}

/**
 * Takes all journeys through the phases together: every request of one phase, as fast as the lanes go, before the next
 * phase begins. Requests are built before the clock starts and answers are checked after it stopped.
 */
export async function runPhases<Journey>(
  journeys: readonly Journey[],
  phases: readonly Phase<Journey>[],
  lanes: readonly Send[],
  signal: AbortSignal,
): Promise<PhaseTime[]> {
  const times: PhaseTime[] = [];
  for (const phase of phases) {
    const requests = await Promise.all(journeys.map((journey) => phase.request(journey)));
    const answers: WireAnswer[] = [];
    let next = 0;
    const used = process.cpuUsage();
    const start = performance.now();
    await Promise.all(
      lanes.map(async (send) => {
        while (next < requests.length) {
          signal.throwIfAborted();
          const index = next++;
          answers[index] = await send(requests[index]!);
        }
      }),
    );
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(used);
    times.push({ name: phase.name, seconds, generatorSeconds: (user + system) / 1e6 });
    for (const [index, journey] of journeys.entries()) readOrExplain(phase, journey, answers[index]!);
  }
  return times;
}

/** Checks an answer; when it is wrong, the error shows what came instead. */
export function readOrExplain<Journey>(phase: Phase<Journey>, journey: Journey, answer: WireAnswer): void {
  try {
    phase.read(journey, answer);
  } catch (cause) {
    const seen = `${answer.status} ${answer.headers.location ?? ''} ${answer.body.slice(0, 400)}`;
    throw new Error(`Wrong answer to "${phase.name}": ${(cause as Error).message}\n${seen}`, { cause });
  }
}
