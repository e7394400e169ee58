/** The groups of texts people read: `signIn.reason.<group>.title`, `.happened` and `.next`. */
export type SignInTextGroup =
  | 'account'
  | 'browser'
  | 'busy'
  | 'credentials'
  | 'declined'
  | 'directory'
  | 'expired'
  | 'message'
  | 'password'
  | 'setup'
  | 'unknown'
  | 'wait';

/** What is known about one reason for which a sign-in is refused. */
export interface SignInReasonEntry {
  /** How a sign-in that ends for this reason is counted (the outcome words of the health reports). */
  readonly outcome: 'failed_partner' | 'failed_hub' | 'failed_config' | 'user_error';
  /** Document and section that decides; the hub's own rules say so. */
  readonly specification: string;
  /** Who has to act before the sign-in can succeed. */
  readonly turn: 'you' | 'school' | 'partner' | 'hub';
  readonly texts: SignInTextGroup;
  /** For engineers, in English: what is wrong and what mends it. */
  readonly advice: string;
  /** What a help desk asks or does first, in plain words. */
  readonly helpDesk: string;
}
