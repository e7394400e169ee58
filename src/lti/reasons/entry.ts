import type { TextKey } from '../pages/texts/en.ts';

/** How a launch that ends for this reason is counted (the outcome words of the health reports). */
export type ReasonOutcome =
  | 'failed_partner'
  | 'failed_hub'
  | 'failed_config'
  | 'user_error'
  | 'expired_unknown';

/** Who has to act before the launch can succeed. `partner` is the maker of the LMS or of the tool. */
export type Turn = 'you' | 'school' | 'partner' | 'hub';

/** The LMS families that advice is written for. */
export type LmsFamily =
  | 'canvas'
  | 'moodle'
  | 'blackboard'
  | 'brightspace'
  | 'schoology'
  | 'sakai'
  | 'generic';

/** The text group people read: `reason.<group>.title`, `.happened` and `.next`. */
export type ReasonTextGroup = TextKey extends infer Key
  ? Key extends `reason.${infer Group}.title`
    ? Group
    : never
  : never;

export interface ReasonEntry {
  readonly outcome: ReasonOutcome;
  /** Document and section that the launch fell short of; the hub's own rules say so. */
  readonly specification: string;
  readonly turn: Turn;
  readonly texts: ReasonTextGroup;
  /** For engineers, in English: what is wrong and what mends it. */
  readonly advice: string;
  /** What to know besides for one LMS family; read after `advice`. */
  readonly adviceByFamily?: Partial<Readonly<Record<Exclude<LmsFamily, 'generic'>, string>>>;
  /** The launch goes on with a warning in its trace unless the registration's settings refuse it. */
  readonly warnsByDefault?: true;
}
