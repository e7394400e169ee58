/** SQLSTATE of a broken unique constraint or unique index (PostgreSQL documentation, Appendix A). */
const uniqueViolation = '23505';

/** The unique constraint a failed statement ran into, or undefined when it failed for any other reason. */
export function violatedUnique(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== uniqueViolation) return undefined;
  return 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
}

/** Runs a write; where it runs into the unique constraint named, the error made by `refuse` is thrown instead. */
export async function refusingTaken<T>(
  constraint: string,
  write: () => Promise<T>,
  refuse: (cause: unknown) => Error,
): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    throw violatedUnique(cause) === constraint ? refuse(cause) : cause;
  }
}
