import { createHash } from 'node:crypto';

/** Results of a pure function; the texts are constants of the program, so there are only so many. */
const names = new Map<string, string>();

/** The name of a prepared statement, told from its text: the same on every connection and copy. */
export function statementName(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `gh_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
    names.set(text, name);
  }
  return name;
}
