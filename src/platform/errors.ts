/** What went wrong, without knowing any transport. Only platform/http.ts turns a kind into a status. */
export type ErrorKind =
  | 'input'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'rate_limited'
  | 'upstream'
  | 'internal';

export interface DomainErrorOptions {
  /** What was thrown below, for the log. */
  cause?: unknown;
  /** Safe facts that help the caller to mend the call (field paths, limits, allowed values). */
  details?: Record<string, unknown>;
}

/**
 * A failure with a stable `code` for programs and a `message` that is safe to show to anyone:
 * it never holds a secret, a token or personal data, and it says what to do.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly details: Record<string, unknown> | undefined;

  constructor(kind: ErrorKind, code: string, message: string, options: DomainErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.code = code;
    this.details = options.details;
  }
}
