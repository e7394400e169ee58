/** What a finding is about. */
export type FindingGroup = 'file' | 'header' | 'value' | 'identity' | 'reference' | 'set';

/** A finding in plain words, for whoever mends the source. */
export interface FindingText {
  /** What is so, and what the hub has made of it. */
  happened: string;
  /** What to do, and who. */
  advice: string;
  /** The binding forbids it: in the strict profile nothing is taken from a source that has it. */
  isForbidden?: true;
}

export type FindingTexts = Readonly<Record<string, FindingText>>;

/** A text of the catalogue. */
export function says(happened: string, advice: string): FindingText {
  return { happened, advice };
}

/**
 * A text about what the binding forbids and a connector has met while it read: the strict profile refuses the whole
 * source. What the engine finds needs no such mark, since the strict profile rejects the rows.
 */
export function forbids(happened: string, advice: string): FindingText {
  return { happened, advice, isForbidden: true };
}
