import type { BeganBy } from './operator.ts';

/**
 * How long a way in counts as of whoever handed it out as well, in milliseconds: whoever makes a link can open it, and a week is
 * long enough for others to see that somebody did.
 */
export const handedMs = 7 * 24 * 3_600_000;

/** Who has handed out a way in, as in the audit trail, and when it was taken. */
export interface Handed {
  by: readonly string[];
  at: Date | null;
}

/** What is known of how somebody has come in. */
export interface WayIn {
  beganBy: BeganBy;
  /** Of the account: its link, or the second step that was taken off. */
  account: Handed;
  /** Of the institution's own sign-in. */
  way: Handed;
  /** Of the set-up link that the session came by. */
  link: readonly string[];
}

/**
 * Who else could sit there than the one whose account it is, as far as it is known. Whom the company's provider has just vouched
 * for is nobody else, and a set-up link is its maker's as long as its session lasts.
 *
 * @param now Unix milliseconds
 */
export function decideBehind({ beganBy, account, way, link }: WayIn, now: number): string[] {
  if (beganBy === 'company') return [];
  const fresh = [account, way].flatMap(({ by, at }) =>
    at !== null && at.getTime() + handedMs > now ? by : [],
  );
  return [...new Set([...link, ...fresh])];
}

/** Stands for whoever it was, where nobody knows any more: it could have been anybody. */
export const unknownHand = 'unknown';

/** Somebody who does something, and who else could be meant by that. */
export interface Doer {
  actor: string;
  behind?: readonly string[];
}

/** Everybody who could have done it. */
export function handsOf({ actor, behind = [] }: Doer): string[] {
  return [...new Set([actor, ...behind])];
}

/** Whether two acts could be one person's: then the second is no second pair of eyes. */
export function couldBeOne(one: Doer, other: Doer): boolean {
  const [ones, others] = [handsOf(one), handsOf(other)];
  return [...ones, ...others].includes(unknownHand) || ones.some((each) => others.includes(each));
}
