/** SQLSTATE of a broken unique constraint or unique index (PostgreSQL documentation, Appendix A). */
const uniqueViolation = '23505';

/** The unique constraint a failed statement ran into, or undefined when it failed for any other reason. */
export function violatedUnique(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== uniqueViolation) return undefined;
  return 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
}
