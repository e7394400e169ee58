import { effectOf, type ScoreBody, serialMember } from './score-body.ts';

/**
 * How an LMS treats a score that is not newer than the last one. All keep AGS 2.0 §3.4.9, and differ in what it leaves open.
 * `strict` refuses what is not newer; `applies_equal` takes an equal timestamp again, as Canvas does; `by_second` looks
 * at whole seconds only, as Moodle does.
 */
export type Policy = 'strict' | 'applies_equal' | 'by_second';

/** One score that came, in the order of coming. */
export interface Arrival {
  lineItem: string;
  subject: string;
  /** Unix milliseconds of the score's timestamp. */
  at: number;
  serial: number;
  effect: string;
  /** Whether the gradebook has taken it. */
  applied: boolean;
}

/** What a gradebook shows of a person in the end. */
export interface Grade {
  lineItem: string;
  subject: string;
  at: number;
  serial: number;
  effect: string;
  body: ScoreBody;
}

export interface Gradebook {
  /** @returns whether it was newer and is taken */
  take(lineItem: string, body: ScoreBody): boolean;
  /** As AGS 2.0 §3.3 wants them: persons with a score. */
  results(
    lineItem: string,
    subject?: string,
  ): { userId: string; resultScore: number; resultMaximum: number; comment?: string }[];
  readonly arrivals: readonly Arrival[];
  grades(): Grade[];
}

export function createGradebook(policy: Policy): Gradebook {
  const grades = new Map<string, Grade>();
  const arrivals: Arrival[] = [];
  return {
    take: (lineItem, body) => {
      const at = Date.parse(body.timestamp);
      const key = JSON.stringify([lineItem, body.userId]);
      const applied = isNewer(policy, at, grades.get(key)?.at);
      const entry = {
        lineItem,
        subject: body.userId,
        at,
        serial: body[serialMember],
        effect: effectOf(body),
      };
      arrivals.push({ ...entry, applied });
      if (applied) grades.set(key, { ...entry, body });
      return applied;
    },
    results: (lineItem, subject) =>
      [...grades.values()].flatMap((grade) => {
        if (grade.lineItem !== lineItem || (subject !== undefined && grade.subject !== subject)) return [];
        return resultOf(policy, grade) ?? [];
      }),
    arrivals,
    grades: () => [...grades.values()],
  };
}

function isNewer(policy: Policy, at: number, last: number | undefined): boolean {
  if (last === undefined) return true;
  if (policy === 'by_second') return Math.floor(at / 1_000) > Math.floor(last / 1_000);
  return policy === 'applies_equal' ? at >= last : at > last;
}

function resultOf(policy: Policy, { subject, body }: Grade) {
  const { scoreGiven, scoreMaximum = 1, comment, gradingProgress } = body;
  // An LMS may leave partial grades out (AGS 2.0 §3.4.8), and Moodle does.
  const isPartial = policy === 'by_second' && gradingProgress !== 'FullyGraded';
  if (scoreGiven === undefined || scoreGiven === null || isPartial) return undefined;
  const resultScore = policy === 'by_second' ? Math.min(scoreGiven, scoreMaximum) : scoreGiven;
  return {
    userId: subject,
    resultScore,
    resultMaximum: scoreMaximum,
    ...(comment !== undefined && { comment }),
  };
}
