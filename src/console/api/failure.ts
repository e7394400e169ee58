import type { Problem } from '../../../contracts/http/problem.ts';

/** A call that came to nothing. `code` is the hub's (RFC 9457 extension), or `unreachable` where no answer came. */
export class CallFailure extends Error {
  readonly code: string;
  readonly status: number;
  /** What to do about it, in the hub's words; undefined where it did not say. */
  readonly advice: string | undefined;
  /** To be read out to whoever runs the hub. */
  readonly reference: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(given: {
    code: string;
    status: number;
    advice?: string | undefined;
    reference?: string | undefined;
    details?: Record<string, unknown> | undefined;
    cause?: unknown;
  }) {
    super(given.advice ?? given.code, { cause: given.cause });
    this.name = 'CallFailure';
    this.code = given.code;
    this.status = given.status;
    this.advice = given.advice;
    this.reference = given.reference;
    this.details = given.details ?? {};
  }
}

/** Reads what an answer that is no success says. What is not the hub's own words is not shown. */
export function readFailure(status: number, mediaType: string | null, text: string): CallFailure {
  const problem = mediaType?.startsWith('application/problem+json') ? parseProblem(text) : undefined;
  if (problem === undefined) return new CallFailure({ code: 'answer_unreadable', status });
  const { code, detail, reference, details } = problem;
  return new CallFailure({ code, status, advice: detail, reference, details });
}

function parseProblem(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isProblem = typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;
    return isProblem ? (value as Problem) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether asking again can help: not where the hub refused. */
export function decideRetry(failures: number, error: unknown): boolean {
  const status = error instanceof CallFailure ? error.status : 0;
  return failures < 2 && (status === 0 || status === 503);
}
