/** What a finding is about. */
export type FindingGroup = 'file' | 'header' | 'value' | 'identity' | 'reference' | 'set';

/** A finding in plain words, for whoever mends the source. */
export interface FindingText {
  /** What is so, and what the hub has made of it. */
  happened: string;
  /** What to do, and who. */
  advice: string;
}

export type FindingTexts = Readonly<Record<string, FindingText>>;

/** A text of the catalogue. */
export function says(happened: string, advice: string): FindingText {
  return { happened, advice };
}
