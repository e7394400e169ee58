import type { ContextId, LineItemId, TenantId, ToolId } from '../../../contracts/ids.ts';
import type { Hub } from '../../../src/app.ts';
import { score } from '../../../src/grades/score.ts';
import { scoreBody } from './score-body.ts';

/** A school as scores are handed in for it, without HTTP. */
export interface HandInSchool {
  tenantId: TenantId;
  toolId: ToolId;
  contextId: ContextId;
  lineItemIds: LineItemId[];
  userIds: string[];
  /** Number of its first line, and of the lines that have had their turn so far. */
  firstLine: number;
  turn: number;
}

export interface HandInInput {
  schools: HandInSchool[];
  seconds: number;
  loops: number;
  /** Number of the first score, and how far apart those of this copy are. */
  firstNumber: number;
  step: number;
}

export interface HandedIn {
  /** Line and number of each accepted score, by turns, in the order they were accepted. */
  accepted: Int32Array;
  lastNumber: number;
  turns: number[];
  seconds: number;
}

/**
 * Hands scores in by a call within the copy, one at a time in each of so many loops: what a bare `boss.send` is compared
 * with, which is a call as well.
 */
export async function handIn(hub: Pick<Hub, 'scores'>, input: HandInInput): Promise<HandedIn> {
  const { schools, seconds, loops, firstNumber, step } = input;
  const accepted: number[] = [];
  let number = firstNumber - step;
  let turn = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: loops }, async () => {
      while (performance.now() < end) {
        const school = schools[turn++ % schools.length]!;
        const { tenantId, toolId, contextId, lineItemIds, userIds } = school;
        const within = school.turn++ % (lineItemIds.length * userIds.length);
        const lineItemId = lineItemIds[within % lineItemIds.length]!;
        const userId = userIds[Math.floor(within / lineItemIds.length)]!;
        number += step;
        const own = number;
        const { kind } = await hub.scores.accept({
          tenantId,
          toolId,
          contextId,
          lineItemId,
          deploymentId: undefined,
          score: score.parse(JSON.parse(scoreBody({ userId, number: own }))),
          now: Date.now(),
        });
        if (kind !== 'accepted') throw new Error(`A score was answered "${kind}"`);
        accepted.push(school.firstLine + within, own);
      }
    }),
  );
  return {
    accepted: Int32Array.from(accepted),
    lastNumber: number,
    turns: schools.map((school) => school.turn),
    seconds: (performance.now() - start) / 1000,
  };
}
