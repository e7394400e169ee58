import type { ReviewReason } from '../../contracts/people.ts';

export { type ReviewReason, reviewReasons } from '../../contracts/people.ts';

/** How the values of one field compare on both sides; unknown where one of them is missing. */
export const agreements = ['agrees', 'differs', 'unknown'] as const;
export type Agreement = (typeof agreements)[number];

/** By what a person was found for a roster user. */
export const foundBy = ['link', 'field', 'email'] as const;

/**
 * What a roster user is linked to already: nobody, a person who is nothing beside this user and whom no tool knows, or a
 * person with a life of their own.
 */
export const linkStates = ['none', 'alone', 'shared'] as const;

/** Fields that are compared, in the order in which facts are written. */
export const comparedFields = ['given', 'family', 'email', 'birth', 'kind'] as const;
export type ComparedField = (typeof comparedFields)[number];

/** All that is known of a roster user and one person they may be. Pairs that somebody has kept apart are not looked at. */
export type MatchFacts = {
  found: (typeof foundBy)[number];
  link: (typeof linkStates)[number];
  /** How many persons were found in that way. */
  hits: 'one' | 'several';
  /** Another user of the same roster is that person, or shares the identifier. */
  taken: boolean;
  /** Somebody has left the two as they are, when the same field had led from one to the other. */
  dismissed: boolean;
} & Record<ComparedField, Agreement>;

/** Reasons for pairs that were found by the tenant's field. */
export const fieldReasons: readonly ReviewReason[] = [
  'several_hits',
  'same_connection',
  'student_and_adult',
  'recycled_identifier',
  'both_known',
];

/** `stay`: the user keeps the person they have, or gets a new one. */
export type Match = { do: 'join' } | { do: 'stay'; review: ReviewReason | undefined };

/**
 * Whether a roster user is the person that was found. By the link they are; by the tenant's field where exactly one
 * person was found and nothing speaks against it, nor has somebody left the two as they are; by e-mail never.
 */
export function decideMatch(facts: MatchFacts): Match {
  const stay = (review?: ReviewReason): Match => ({ do: 'stay', review });
  switch (facts.found) {
    case 'link':
      return stay(isSomebodyElse(facts) ? 'recycled_sourced_id' : undefined);
    case 'email':
      return stay('email_only');
    case 'field':
      if (facts.kind === 'differs') return stay('student_and_adult');
      if (isSomebodyElse(facts)) return stay('recycled_identifier');
      if (facts.hits === 'several') return stay('several_hits');
      if (facts.taken) return stay('same_connection');
      // Two who are known both, perhaps to the same tool, are joined by a person only.
      if (facts.link === 'shared') return stay('both_known');
      return facts.dismissed ? stay() : { do: 'join' };
  }
}

/** A name may change in part, by marriage or by choice, and be spelt in another way; all of it at once does not. */
function isSomebodyElse({ given, family, birth }: MatchFacts): boolean {
  return birth === 'differs' || (given === 'differs' && family === 'differs');
}

/** Names of the fields that agree and of those that differ: what a person who decides is shown. */
export function explainFacts(facts: MatchFacts): { agree: string[]; differ: string[] } {
  const which = (wanted: Agreement) => comparedFields.filter((field) => facts[field] === wanted);
  const key = { link: 'sourcedId', field: 'identifier', email: undefined }[facts.found];
  return { agree: [...(key === undefined ? [] : [key]), ...which('agrees')], differ: which('differs') };
}

/** Reads facts as the database has written them: words between slashes, in the order of `MatchFacts`. */
export function readFacts(text: string): MatchFacts {
  const [found, link, hits, taken, dismissed, ...compared] = text.split('/');
  const one = <T extends string>(choices: readonly T[], word: string | undefined): T => {
    const choice = choices.find((each) => each === word);
    if (choice === undefined) throw new Error(`Facts of a match hold an unknown word: ${text}`);
    return choice;
  };
  const [given, family, email, birth, kind] = comparedFields.map((_, i) => one(agreements, compared[i]));
  return {
    found: one(foundBy, found),
    link: one(linkStates, link),
    hits: one(['one', 'several'], hits),
    taken: one(['taken', 'free'], taken) === 'taken',
    dismissed: one(['dismissed', 'open'], dismissed) === 'dismissed',
    given: one(agreements, given),
    family: one(agreements, family),
    email: one(agreements, email),
    birth: one(agreements, birth),
    kind: one(agreements, kind),
  };
}

/**
 * How given and family name may compare, as `given/family`, where somebody who comes with a launch is taken for the one
 * roster user with their identifier.
 */
export function namesThatJoin(): string[] {
  const newcomer = { found: 'field', link: 'none', hits: 'one', taken: false, dismissed: false } as const;
  const unknown = { email: 'unknown', birth: 'unknown', kind: 'unknown' } as const;
  return agreements.flatMap((given) =>
    agreements
      .filter((family) => decideMatch({ ...newcomer, ...unknown, given, family }).do === 'join')
      .map((family) => `${given}/${family}`),
  );
}

/** A value that more persons than this have is a filler, and an address likewise somebody's office: nobody is found by it. */
export const mostHits = 10;
