import { hash, verify } from '@node-rs/argon2';
import { DomainError } from '../../platform/errors.ts';
import { createTurns } from '../../platform/turns.ts';

/** Hashes and checks passwords, few at a time. */
export interface Passwords {
  /**
   * Argon2id in the PHC string format.
   *
   * @throws DomainError rate_limited `sign_in_busy`
   */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one of the hash. Without a hash the answer is no, after as long a time: how long it takes
   * does not tell whether there is such an account.
   *
   * @throws DomainError rate_limited `sign_in_busy`
   */
  verify(passwordHash: string | null | undefined, password: string): Promise<boolean>;
}

export interface PasswordsOptions {
  /** How many at once: each holds its memory and one thread of the few that files and names share. */
  atOnce?: number;
  /** How many may wait; more are turned away, so that a flood of tries does not keep everybody waiting. */
  waiting?: number;
  /** KiB of memory and passes; OWASP's least for Argon2id if not said. */
  cost?: { memoryCost: number; timeCost: number };
}

/** Somebody waits before a sign-in page. */
const longestWaitMs = 30_000;

const usualCost = { memoryCost: 19_456, timeCost: 2 };

export function createPasswords(options: PasswordsOptions = {}): Passwords {
  const { atOnce = 2, waiting = 32, cost = usualCost } = options;
  const turns = createTurns({ most: atOnce, mostWaiting: waiting, longestWaitMs, refusal: busy });
  const inTurn = <T>(work: () => Promise<T>) => turns.take('passwords', work);
  const settings = { ...cost, parallelism: 1 };
  let nobodys: Promise<string> | undefined;
  return {
    hash: (password) => inTurn(() => hash(normalise(password), settings)),
    verify: (passwordHash, password) =>
      inTurn(async () => {
        nobodys ??= hash('nobody has this password', settings);
        const known = passwordHash ?? (await nobodys);
        const isRight = await verify(known, normalise(password));
        return isRight && typeof passwordHash === 'string';
      }),
  };
}

/** One spelling, however the keyboard composes letters (NIST SP 800-63B-4 §3.1.1.2). */
function normalise(password: string): string {
  return password.normalize('NFKC');
}

function busy(): DomainError {
  const message = 'Many people sign in at this moment. Try again in a minute.';
  return new DomainError('rate_limited', 'sign_in_busy', message);
}
