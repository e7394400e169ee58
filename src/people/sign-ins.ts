import { newId, type PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { addReviews } from './link-store.ts';
import { decideMatch, explainFacts } from './match.ts';
import { findPersons } from './review-store.ts';
import { findMatchRule } from './rule-store.ts';
import {
  decideSignIn,
  explainSignIn,
  type SignIn,
  type SignInCandidate,
  type SignInDecision,
  type SignInSnapshot,
  signInKey,
} from './sign-in.ts';
import {
  findKnown,
  findSignInCandidates,
  insertSignInLink,
  insertSignInPerson,
  lockCandidate,
  lockSignIn,
  refreshSignIn,
} from './sign-in-store.ts';

/**
 * How a sign-in ended. `known`: by its link; `matched`: as the one roster person with the tenant's field; `created`: as a new
 * person without a role, perhaps with pairs for somebody to decide on. `review`: somebody has to decide first; `unknown`:
 * the roster does not know them, and that is asked for.
 */
export type LinkedSignIn =
  | { outcome: 'known' | 'matched'; personId: PersonId /** The link's. */; subject: string }
  | { outcome: 'created'; personId: PersonId; subject: string; reviews: number }
  | { outcome: 'review' }
  | { outcome: 'unknown' };

/** What a first sign-in waits for at most: persons merged again and again under its hands. */
const mostTries = 5;

/**
 * Finds or makes the person of a sign-in, and the link by which they are known from then on. Two first sign-ins of one
 * person at a time make one link.
 *
 * @param tx from `withTenant`; what is found stays so until it ends
 * @param signIn as the other side has vouched for it: this looks at no signature
 */
export async function linkSignIn(
  tx: TenantTx,
  given: SignIn,
  { now: at }: { now: number },
): Promise<LinkedSignIn> {
  const signIn = clean(given);
  const now = new Date(at);
  let known = await findKnown(tx, signIn);
  if (known === undefined) {
    await lockSignIn(tx, signIn);
    known = await findKnown(tx, signIn);
  }
  if (known !== undefined) await refreshSignIn(tx, signIn, known, now);
  const decision = await decideFirmly(tx, signIn, known);
  const subject = signInKey(signIn);
  switch (decision.do) {
    case 'refuse':
      return { outcome: decision.outcome };
    case 'enter':
      return { outcome: 'known', personId: decision.personId, subject };
    case 'join': {
      const { personId } = decision;
      await insertSignInLink(tx, signIn, { personId, isSettled: true, now });
      return { outcome: 'matched', personId, subject };
    }
    default: {
      const personId = newId<PersonId>(at);
      await insertSignInPerson(tx, personId, signIn, now);
      await insertSignInLink(tx, signIn, { personId, isSettled: false, now });
      const { connectionId } = signIn;
      const doubts = decision.doubts.map(({ personId: candidateId, ...doubt }) => ({
        ...{ connectionId, sourcedId: subject, personId, candidateId },
        ...doubt,
      }));
      const reviews = await addReviews(tx, doubts, now);
      return decision.do === 'wait'
        ? { outcome: 'review' }
        : { outcome: 'created', personId, subject, reviews };
    }
  }
}

/** Decides, and holds the person found: where somebody has merged them meanwhile, it decides anew. */
async function decideFirmly(
  tx: TenantTx,
  signIn: SignIn,
  known: SignInSnapshot['known'],
): Promise<SignInDecision> {
  let held: PersonId | undefined;
  for (let tries = 0; ; tries++) {
    const candidates = known === undefined ? await findSignInCandidates(tx, signIn) : [];
    const decision = decideSignIn({ known, candidates, allowsNew: signIn.allowsNew });
    if (decision.do !== 'join' || decision.personId === held) return decision;
    if (tries === mostTries) throw new Error('A person was merged again and again while somebody signed in');
    held = decision.personId;
    await lockCandidate(tx, held);
  }
}

/** Whom a sign-in would lead to, and why. */
export interface SignInPreview {
  outcome: LinkedSignIn['outcome'];
  /** With a link or a match; a new person has no id yet. */
  person: { personId: PersonId; name: string | null } | undefined;
  /** All of it in words. */
  explanation: string;
  /** Persons who were looked at, with the names of fields that agree and differ. */
  candidates: {
    personId: PersonId;
    name: string | null;
    found: SignInCandidate['facts']['found'];
    agree: string[];
    differ: string[];
    /** Why it is for somebody to decide; undefined for whom the sign-in is. */
    reason: string | undefined;
  }[];
}

/** What `linkSignIn` would do; changes nothing. Holds names: for an admin's test sign-in. */
export async function previewSignIn(tx: TenantTx, given: SignIn): Promise<SignInPreview> {
  const signIn = clean(given);
  const known = await findKnown(tx, signIn);
  const found = known === undefined ? await findSignInCandidates(tx, signIn) : [];
  const decision = decideSignIn({ known, candidates: found, allowsNew: signIn.allowsNew });
  const personId = 'personId' in decision ? decision.personId : undefined;
  const ids = [...found.map((each) => each.personId), ...(personId === undefined ? [] : [personId])];
  const persons = await findPersons(tx, ids);
  const nameOf = (id: PersonId) => persons.get(id)?.name ?? null;
  return {
    outcome: outcomeOf(decision),
    person: personId === undefined ? undefined : { personId, name: nameOf(personId) },
    explanation: explainSignIn(decision, {
      column: (await findMatchRule(tx))?.rosterColumn,
      matchValue: signIn.matchValue,
      name: personId === undefined ? '' : (nameOf(personId) ?? personId),
    }),
    candidates: found.map((each) => ({
      ...{ personId: each.personId, name: nameOf(each.personId), found: each.facts.found },
      ...explainFacts(each.facts),
      reason: reasonOf(each),
    })),
  };
}

function reasonOf({ facts }: SignInCandidate): string | undefined {
  const match = decideMatch(facts);
  return match.do === 'stay' ? match.review : undefined;
}

function outcomeOf(decision: SignInDecision): LinkedSignIn['outcome'] {
  switch (decision.do) {
    case 'enter':
      return 'known';
    case 'join':
      return 'matched';
    case 'create':
      return 'created';
    case 'wait':
      return 'review';
    case 'refuse':
      return decision.outcome;
  }
}

function clean(signIn: SignIn): SignIn {
  const value = signIn.matchValue?.trim() ?? '';
  return { ...signIn, matchValue: value.length > 0 && value.length <= 255 ? value : undefined };
}
