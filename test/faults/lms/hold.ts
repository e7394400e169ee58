/** Points on a score's way through the LMS: read and not looked at yet; stored and not answered yet. */
export type Moment = 'arrived' | 'stored';

/** Stops one score at a moment, so that something can happen exactly then. */
export interface Hold {
  /** Waits for the next score at that moment, and keeps it there. */
  next(moment: Moment): Promise<void>;
  /** Lets go what is held, and holds nothing more. */
  release(): void;
  /** Called by the score on its way. */
  reach(moment: Moment): Promise<void>;
}

export function createHold(): Hold {
  let wanted: { moment: Moment; reached: PromiseWithResolvers<void> } | undefined;
  let held: PromiseWithResolvers<void> | undefined;
  return {
    next: (moment) => {
      wanted = { moment, reached: Promise.withResolvers<void>() };
      return wanted.reached.promise;
    },
    release: () => {
      // Whoever still waits is told that it came to nothing.
      wanted?.reached.resolve();
      wanted = undefined;
      held?.resolve();
      held = undefined;
    },
    reach: async (moment) => {
      if (wanted?.moment !== moment) return;
      const { reached } = wanted;
      wanted = undefined;
      held = Promise.withResolvers<void>();
      const { promise } = held;
      reached.resolve();
      await promise;
    },
  };
}
