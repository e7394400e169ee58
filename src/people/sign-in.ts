import { createHash } from 'node:crypto';
import type { ConnectionId, PersonId } from '../../contracts/ids.ts';
import { decideMatch, explainFacts, type MatchFacts, type ReviewReason } from './match.ts';

/** Somebody an identity provider or a directory vouches for. */
export interface SignIn {
  connectionId: ConnectionId;
  /** SAML entity id, OIDC issuer, name of the directory. */
  issuer: string;
  /** What the issuer calls the person for good. */
  subject: string;
  /** What the connection says of the column that the tenant's rule compares; undefined where it says nothing. */
  matchValue: string | undefined;
  /** Somebody whom the roster does not know is given a person without a role. */
  allowsNew: boolean;
  person: {
    name?: string | undefined;
    givenName?: string | undefined;
    familyName?: string | undefined;
    email?: string | undefined;
    locale?: string | undefined;
  };
}

/** The one key of a person's link: issuer and subject are one, however long, and none of it can be taken for the other. */
export function signInKey({ issuer, subject }: Pick<SignIn, 'issuer' | 'subject'>): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('base64url');
  return `sha256:${digest}`;
}

/** Somebody the sign-in may be. */
export interface SignInCandidate {
  personId: PersonId;
  facts: MatchFacts;
}

export interface SignInSnapshot {
  /** Whom the link leads to already; known to a roster or an LMS too, or in doubt still. */
  known: { personId: PersonId; isElsewhere: boolean; isInReview: boolean } | undefined;
  /** Found by the tenant's field in the roster; where nobody was, by e-mail. */
  candidates: readonly SignInCandidate[];
  allowsNew: boolean;
}

/** A pair for somebody to decide on. */
export interface SignInDoubt {
  personId: PersonId;
  reason: ReviewReason;
  agree: string[];
  differ: string[];
}

/**
 * `enter`: by the link there is. `join`: as the one roster person found. `create`: as a new person without a role, `wait`
 * the same, but not let in before somebody has decided. `refuse`: not let in.
 */
export type SignInDecision =
  | { do: 'enter' | 'join'; personId: PersonId }
  | { do: 'create' | 'wait'; doubts: SignInDoubt[] }
  | { do: 'refuse'; outcome: 'review' | 'unknown' };

/**
 * Whom a sign-in is: by the link; else exactly one roster person with the tenant's field, unless something speaks against
 * it; else whom somebody decides on; else nobody known. An e-mail address alone never links: whoever may set it at the other
 * side would be let in as somebody else.
 */
export function decideSignIn({ known, candidates, allowsNew }: SignInSnapshot): SignInDecision {
  if (known !== undefined) {
    if (known.isElsewhere || allowsNew) return { do: 'enter', personId: known.personId };
    return { do: 'refuse', outcome: known.isInReview ? 'review' : 'unknown' };
  }
  const doubts: SignInDoubt[] = [];
  for (const { personId, facts } of candidates) {
    const match = decideMatch(facts);
    if (match.do === 'join') return { do: 'join', personId };
    if (match.review !== undefined) doubts.push({ personId, reason: match.review, ...explainFacts(facts) });
  }
  if (allowsNew) return { do: 'create', doubts };
  return doubts.length > 0 ? { do: 'wait', doubts } : { do: 'refuse', outcome: 'unknown' };
}

/**
 * A decision in words, for an admin who tries a connection out.
 *
 * @param column the column of the roster that the tenant's rule compares; undefined where no rule was chosen
 * @param name what the person found is called
 */
export function explainSignIn(
  decision: SignInDecision,
  { column, matchValue, name }: { column: string | undefined; matchValue: string | undefined; name: string },
): string {
  const field = column === undefined ? 'field' : `“${column}”`;
  switch (decision.do) {
    case 'enter':
      return `The account is linked already, to ${name}.`;
    case 'join':
      return `Exactly one person in the roster has this ${field}: ${name}. The first sign-in links the account to them.`;
    case 'create':
    case 'wait': {
      const isNew =
        decision.do === 'create' ? 'A person without a role is made' : 'Nobody is let in before that';
      if (decision.doubts.length === 0) return `${whyNobody()} ${isNew}.`;
      const reasons = [...new Set(decision.doubts.map(({ reason }) => reason))].join(', ');
      const persons = decision.doubts.length === 1 ? 'one person' : `${decision.doubts.length} persons`;
      return `It may be ${persons} the hub knows, and somebody has to decide (${reasons}). ${isNew}.`;
    }
    case 'refuse':
      if (decision.outcome === 'review') return 'The account waits for somebody to decide whose it is.';
      return `${whyNobody()} This connection lets nobody in whom the roster does not know.`;
  }

  function whyNobody(): string {
    if (column === undefined) return 'The institution has chosen no field by which people are matched.';
    if (matchValue === undefined) return `The other side sends nothing that is compared with ${field}.`;
    return `Nobody in the roster is found by ${field}.`;
  }
}
