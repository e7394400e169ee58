import { newId, type PersonId, type ReviewId, type TenantId } from '../../contracts/ids.ts';
import type { ReviewState } from '../../contracts/people.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Database, TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { goOnLinking } from './link.ts';
import { findPosition, savePosition, wantAllAgain } from './linking-store.ts';
import { lockPeople } from './lock-store.ts';
import type { MatchRule } from './match-rule.ts';
import { mergePeople } from './merges.ts';
import * as reviews from './review-store.ts';
import * as rules from './rule-store.ts';
import { splitLink, takeRosterName } from './split-store.ts';

export { type ReviewState, reviewStates } from '../../contracts/people.ts';
export type { PersonSummary, ReviewItem, ReviewQuery } from './review-store.ts';
export { listReviews } from './review-store.ts';
export { findMatchRule } from './rule-store.ts';
export type { SignIn } from './sign-in.ts';
export { type LinkedSignIn, linkSignIn, previewSignIn, type SignInPreview } from './sign-ins.ts';

/** An item with both sides; with names and ids of people, for the eyes of whoever decides. */
export interface ReviewDetails extends reviews.ReviewItem {
  person: reviews.PersonSummary | undefined;
  other: reviews.PersonSummary | undefined;
}

/** @throws DomainError not_found `review_unknown` */
export async function getReview(tx: TenantTx, reviewId: ReviewId): Promise<ReviewDetails> {
  const item = await reviews.findReview(tx, reviewId);
  if (item === undefined) throw reviewUnknown(reviewId);
  const persons = await reviews.findPersons(tx, [item.personId, item.otherId]);
  return { ...item, person: persons.get(item.personId), other: persons.get(item.otherId) };
}

export interface JoinOptions {
  /** Which of the two is kept; otherwise the one tools know. */
  keptId?: PersonId | undefined;
  retireNames?: boolean;
}

/**
 * The two are one. Where the item is about one roster user whose name has changed altogether, it is the same person under
 * a new name.
 *
 * @throws DomainError as `mergePeople`; not_found `review_unknown`, conflict `review_decided`, input `kept_person_invalid`
 */
export async function joinReview(
  tx: TenantTx,
  reviewId: ReviewId,
  options: JoinOptions,
  by: ChangeBy,
): Promise<ReviewDetails> {
  const item = await getOpen(tx, reviewId);
  const { person, other } = item;
  if (item.personId === item.otherId) {
    await takeRosterName(tx, item, new Date(by.now));
  } else if (person === undefined || other === undefined || person.personId !== other.personId) {
    const sides = [person?.personId ?? item.personId, other?.personId ?? item.otherId] as const;
    const keptId = options.keptId ?? sides[(person?.tools ?? 0) > (other?.tools ?? 0) ? 0 : 1];
    if (!sides.includes(keptId)) {
      throw new DomainError('input', 'kept_person_invalid', 'The person to keep is neither of the two.');
    }
    const absorbedId = sides[0] === keptId ? sides[1] : sides[0];
    await mergePeople(tx, { keptId, absorbedId, retireNames: options.retireNames ?? false }, by);
    return getReview(tx, reviewId);
  }
  return close(tx, item, 'joined', by);
}

/**
 * The two are not one, and are not offered for joining again. A roster user that has become somebody else is given a
 * person of their own.
 *
 * @throws DomainError not_found `review_unknown`, conflict `review_decided`, `review_overtaken`
 */
export async function keepApart(tx: TenantTx, reviewId: ReviewId, by: ChangeBy): Promise<ReviewDetails> {
  const item = await getOpen(tx, reviewId);
  if (item.personId === item.otherId) {
    const now = new Date(by.now);
    const personId = item.person?.personId ?? item.personId;
    const fresh = { personId: newId<PersonId>(by.now), now };
    if (!(await splitLink(tx, { ...item, personId }, fresh))) {
      throw new DomainError(
        'conflict',
        'review_overtaken',
        'The roster has no such user any more, or they have another person already. Dismiss the item.',
      );
    }
  }
  return close(tx, item, 'kept_apart', by);
}

/** Leaves things as they are. @throws DomainError not_found `review_unknown`, conflict `review_decided` */
export async function dismissReview(tx: TenantTx, reviewId: ReviewId, by: ChangeBy): Promise<ReviewDetails> {
  return close(tx, await getOpen(tx, reviewId), 'dismissed', by);
}

async function getOpen(tx: TenantTx, reviewId: ReviewId): Promise<ReviewDetails> {
  await lockPeople(tx);
  const item = await getReview(tx, reviewId);
  if (item.state !== 'open') {
    throw new DomainError('conflict', 'review_decided', `The item was decided already: ${item.state}.`);
  }
  return item;
}

async function close(
  tx: TenantTx,
  { reviewId, personId, otherId, reason }: ReviewDetails,
  state: Exclude<ReviewState, 'open'>,
  by: ChangeBy,
): Promise<ReviewDetails> {
  await reviews.closeReview(tx, reviewId, { state, by: by.actor, at: new Date(by.now) });
  await recordAudit(tx, {
    ...by,
    action: `person_review.${state}`,
    subject: `person_review:${reviewId}`,
    after: { personId, otherId, reviewReason: reason },
  });
  return getReview(tx, reviewId);
}

/**
 * Chooses by what roster users and others are the same person, and links every roster of the tenant anew. Who was linked
 * stays so; undefined: nothing but links counts from now on. Until the values by the former rule are gone, none is in force.
 * It goes in short transactions; what is left when it is ended is done in the background.
 *
 * @returns how many were joined by it, and what is doubtful
 */
export async function setMatchRule(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  rule: MatchRule | undefined,
  by: ChangeBy,
): Promise<{ joined: number; reviews: number }> {
  await db.withTenant(tenantId, async (tx) => {
    await lockPeople(tx);
    const position = await findPosition(tx);
    const before = position?.step === 'clear' ? position.rule : await rules.findMatchRule(tx);
    await rules.saveMatchRule(tx, undefined, new Date(by.now));
    await savePosition(tx, { step: 'clear', rule: rule ?? null });
    await wantAllAgain(tx);
    await recordAudit(tx, {
      ...by,
      action: 'people.match_rule_set',
      subject: `tenant:${tenantId}`,
      before,
      after: rule,
    });
  });
  const { joined, reviews } = await goOnLinking(db, tenantId, { by });
  return { joined, reviews };
}

function reviewUnknown(reviewId: ReviewId): DomainError {
  return new DomainError(
    'not_found',
    'review_unknown',
    `This tenant has no review item ${reviewId}. people review lists them.`,
  );
}
