import type { ZodType } from 'zod';
import { DomainError } from './errors.ts';

export interface InputIssue {
  /** The field, such as `redirectUris.0`; empty for the whole. */
  path: string;
  message: string;
}

/**
 * Parses what a person gave.
 *
 * @throws DomainError input with the given code, its message naming the first field, `details.issues` all of
 *   them (`InputIssue[]`)
 */
export function parseInput<T>(schema: ZodType<T>, input: unknown, code: string): T {
  const result = schema.safeParse(input, { error: sayMissing });
  if (result.success) return result.data;
  const issues = result.error.issues.map(
    ({ path, message }): InputIssue => ({ path: path.join('.'), message }),
  );
  throw invalidInput(code, issues);
}

/** Where the schema has no words of its own; zod's would be "Invalid input: expected string, received undefined". */
function sayMissing({ code, input }: { code?: string; input: unknown }): string | undefined {
  return code === 'invalid_type' && input === undefined ? 'It is missing, and needed.' : undefined;
}

function invalidInput(code: string, issues: InputIssue[]): DomainError {
  const first = issues[0];
  const message = first === undefined ? 'The input is not valid.' : say(first);
  return new DomainError('input', code, message, { details: { issues } });
}

function say({ path, message }: InputIssue): string {
  return path === '' ? message : `${path}: ${message}`;
}
