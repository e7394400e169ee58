import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Place } from '../world/population.ts';
import { createLedger, type Ledger, type SentScore } from './ledger.ts';
import { createScorePlan, type ScorePlan } from './score-plan.ts';
import type { ToolClient } from './tool-client.ts';

/** A tool that keeps sending scores, each until it knows what became of it. */
export interface Load {
  readonly ledger: Ledger;
  /** Sends without end, over so many lanes at once. */
  start(lanes: number): void;
  /** Sends one score for each place, and waits for the answers. */
  sendEach(places: readonly Place[]): Promise<void>;
  /** Sends no new scores and waits until each has its answer. */
  finish(): Promise<void>;
}

export function createLoad(places: readonly Place[], client: ToolClient, random: Random): Load {
  const ledger = createLedger();
  let serial = 0;
  let stopping = false;
  const lanes: Promise<void>[] = [];
  const from = Date.now() - 86_400_000;
  const plans = new Map<string, ScorePlan>(
    places.map(({ key, userId }) => [key, createScorePlan(userId, () => ++serial, random.part(key), from)]),
  );
  const idle = [...places];

  const plan = (place: Place): SentScore => {
    const { body, serial: number } = plans.get(place.key)!.next();
    return ledger.send(place.key, body, number);
  };

  /** Repeats the same request until an answer comes, or gives up as a tool that is closed half-way. */
  const deliver = async (place: Place, score: SentScore, how: { patient: boolean; mayBeStale: boolean }) => {
    const text = JSON.stringify(score.body);
    let isUnclear = false;
    for (;;) {
      const answer = await client.postScore(place.scoresPath, text);
      const status = answer?.status ?? 0;
      if (status >= 200 && status < 300) return ledger.accept(score);
      if (status === 409 && how.mayBeStale) {
        // An earlier try may have been accepted before the newer score was.
        if (!isUnclear) ledger.refuse(score);
        return;
      }
      if (status >= 400 && status < 500 && status !== 401 && status !== 429) {
        return ledger.surprise(`score ${score.serial} got ${status} ${answer?.body}`);
      }
      if (!how.patient) return;
      isUnclear = true;
      await delay(50);
    }
  };

  const sendOne = async (place: Place): Promise<void> => {
    const kind = random.next();
    const score = plan(place);
    if (kind < 0.04) {
      // Two at once, as from two servers of the tool: the older one may come second and is refused then.
      const newer = plan(place);
      await Promise.all([
        deliver(place, score, { patient: true, mayBeStale: true }),
        deliver(place, newer, { patient: true, mayBeStale: false }),
      ]);
    } else if (kind < 0.06) {
      await deliver(place, score, { patient: false, mayBeStale: false });
    } else {
      await deliver(place, score, { patient: true, mayBeStale: false });
      if (kind < 0.1) await deliver(place, score, { patient: true, mayBeStale: false });
      else if (kind < 0.12) await contradict(place, score);
    }
  };

  /** Another score under the same timestamp must be refused, whatever happens meanwhile. */
  const contradict = async (place: Place, { body, serial: number }: SentScore) => {
    const other = JSON.stringify({ ...body, comment: 'Another score of the same moment' });
    const answer = await client.postScore(place.scoresPath, other);
    if (answer !== undefined && answer.status < 300) {
      ledger.surprise(`another score with the timestamp of ${number} got ${answer.status}`);
    }
  };

  const lane = async () => {
    while (!stopping) {
      const [place] = idle.splice(random.whole(0, idle.length - 1), 1);
      if (place !== undefined) {
        await sendOne(place).finally(() => idle.push(place));
      }
      await delay(random.whole(0, 120));
    }
  };

  return {
    ledger,
    start: (count) => {
      for (let number = 0; number < count; number += 1) lanes.push(lane());
    },
    sendEach: async (chosen) => {
      await Promise.all(
        chosen.map((place) => deliver(place, plan(place), { patient: true, mayBeStale: false })),
      );
    },
    finish: async () => {
      stopping = true;
      await Promise.all(lanes.splice(0));
    },
  };
}
