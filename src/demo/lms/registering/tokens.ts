import { randomBytes } from 'node:crypto';
import type { School } from '../../world.ts';

/** Registration tokens in memory: each lets one tool register itself with one school. */
export interface RegistrationTokens {
  /** @param now Unix milliseconds */
  issue(school: School, now: number): string;
  /** The school that a token is for; undefined for one that is unknown, used or expired. */
  find(token: string, now: number): School | undefined;
  /** Ends a token that a registration was made with. */
  use(token: string): void;
}

/** LTI Dynamic Registration 1.0 wants them short-lived; a person may have to read a page of the tool in between. */
const lifetime = 60 * 60 * 1000;

export function createRegistrationTokens(): RegistrationTokens {
  const open = new Map<string, { school: School; expiresAt: number }>();
  return {
    issue(school, now) {
      for (const [token, { expiresAt }] of open) if (expiresAt <= now) open.delete(token);
      const token = randomBytes(24).toString('base64url');
      open.set(token, { school, expiresAt: now + lifetime });
      return token;
    },
    find(token, now) {
      const found = open.get(token);
      return found && found.expiresAt > now ? found.school : undefined;
    },
    use: (token) => void open.delete(token),
  };
}
