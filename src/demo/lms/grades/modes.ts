/** How the gradebook of a school answers tools. A teacher chooses it, to watch what the hub makes of it. */
export type GradebookMode =
  | 'normal'
  | 'slow'
  | 'down'
  | 'throttling'
  | 'refusing'
  | 'forbidding'
  | 'switched_off'
  | 'storing_fails';

/** Each mode in words: what this LMS does, and what can be seen of the hub then. */
export const modes: Readonly<Record<GradebookMode, { title: string; lms: string; hub: string }>> = {
  normal: {
    title: 'Normal',
    lms: 'Takes every score at once.',
    hub: 'Scores show here within a second or two.',
  },
  slow: {
    title: 'Slow',
    lms: 'Takes three seconds for every answer.',
    hub: 'The tool is not kept waiting: the hub has the score, and delivers in the background.',
  },
  down: {
    title: 'Down',
    lms: 'Answers nothing but “service unavailable” (503).',
    hub: 'The hub keeps the scores and tries again, less and less often, for days. Switch back, and the newest score of each person arrives: within seconds, or within minutes when it was down for long.',
  },
  throttling: {
    title: 'Throttling',
    lms: 'Takes one score every ten seconds, and asks for patience in between (429 with Retry-After).',
    hub: 'The hub waits as long as it is asked to, and loses nothing.',
  },
  refusing: {
    title: 'Refusing scores',
    lms: 'Refuses every score for good (422), as some LMSs do for a course that is not published.',
    hub: 'The hub does not try again by itself. It shows the refusal and the advice, and the delivery can be replayed.',
  },
  forbidding: {
    title: 'Forbidding',
    lms: 'Says that the hub may not do this here (403).',
    hub: 'That may be about one course only. The hub tries these scores again, less and less often, while others go on.',
  },
  switched_off: {
    title: 'Hub switched off',
    lms: 'Takes no access token of the hub any more (401), as when an administrator switches a tool off.',
    hub: 'The hub takes that for a fault of the set-up: it stops sending to this school and keeps the scores. Every five minutes one score tries whether it is mended; when it is, all arrive. “grades resume” tries at once.',
  },
  storing_fails: {
    title: 'Stores, but answers with an error',
    lms: 'Stores the score, then says that it failed (500).',
    hub: 'The hub cannot know that the score has arrived. It tries again, and still nobody has a score twice.',
  },
};

export interface GradebookModes {
  of(school: string): GradebookMode;
  set(school: string, mode: GradebookMode): void;
  /** Whether a score may come now, at most one in ten seconds; else the seconds to wait. */
  takeTurn(school: string, now: number): { taken: boolean; retryAfter: number };
}

const turnMs = 10_000;

export function isMode(text: unknown): text is GradebookMode {
  return typeof text === 'string' && Object.hasOwn(modes, text);
}

/** Every school begins as normal: a mode does not outlive the process. */
export function createModes(): GradebookModes {
  const chosen = new Map<string, GradebookMode>();
  const turns = new Map<string, number>();
  return {
    of: (school) => chosen.get(school) ?? 'normal',
    set: (school, mode) => void chosen.set(school, mode),
    takeTurn(school, now) {
      const free = (turns.get(school) ?? 0) + turnMs;
      if (now < free) return { taken: false, retryAfter: Math.ceil((free - now) / 1000) };
      turns.set(school, now);
      return { taken: true, retryAfter: 0 };
    },
  };
}
