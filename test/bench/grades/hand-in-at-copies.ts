import type { HandedIn, HandInInput, HandInSchool } from './hand-in.ts';
import { numberLines } from './lines.ts';
import { lanesPerProcess } from './sides.ts';
import type { GradesWorld } from './world.ts';

/** Lets every copy hand in scores of schools of its own, and tells the load of them. @returns how many */
export async function handInAtCopies(world: GradesWorld, seconds: number): Promise<number> {
  const { copies, load, tenants, gradebooks, sizes } = world;
  const { lastNumber, turns } = await load.progress();
  const lines = numberLines(sizes);
  const step = copies.processes.length;
  const all = tenants.map(
    ({ enabled }, number): HandInSchool => ({
      ...gradebooks[number]!,
      toolId: enabled.tool.toolId,
      firstLine: lines.ofSchool(number).first,
      turn: turns[number]!,
    }),
  );
  const isOf = (copy: number) => (_each: unknown, number: number) => number % step === copy;
  const runs = await Promise.all(
    copies.processes.map((child, copy) =>
      child.ask<HandedIn>('handIn', {
        schools: all.filter(isOf(copy)),
        seconds,
        loops: lanesPerProcess,
        firstNumber: lastNumber + 1 + copy,
        step,
      } satisfies HandInInput),
    ),
  );
  await load.adopt({
    lastNumber: Math.max(lastNumber, ...runs.map((run) => run.lastNumber)),
    turns: turns.map((_turn, number) => runs[number % step]!.turns[Math.floor(number / step)]!),
    accepted: runs.map((run) => run.accepted),
  });
  return runs.reduce((sum, run) => sum + run.accepted.length / 2, 0);
}
