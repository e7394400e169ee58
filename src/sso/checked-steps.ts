import type { CheckedStep } from './services.ts';

/** Steps of asking another side, each timed; the first that fails is the last. */
export interface CheckedSteps {
  readonly steps: readonly CheckedStep[];
  /** @returns undefined where it failed; then nothing more is taken */
  take<T>(at: string, step: string, work: () => Promise<T>): Promise<T | undefined>;
}

/**
 * Begins to take steps.
 *
 * @param explain what a failure is called; undefined for what is no failure of the other side, which is thrown on
 */
export function takeSteps(
  explain: (error: unknown) => Pick<CheckedStep, 'reason' | 'advice'> | undefined,
): CheckedSteps {
  const steps: CheckedStep[] = [];
  return {
    steps,
    take: async (at, step, work) => {
      if (steps.at(-1)?.reason !== undefined) return undefined;
      const begun = performance.now();
      const ms = () => Math.round(performance.now() - begun);
      try {
        const result = await work();
        steps.push({ at, step, ms: ms() });
        return result;
      } catch (error) {
        const failure = explain(error);
        if (failure === undefined) throw error;
        steps.push({ at, step, ms: ms(), ...failure });
        return undefined;
      }
    },
  };
}
