import { claim, filledIn, idText, type Payload, record, text, texts } from '../claims.ts';
import { type ForUser, longestEmail } from '../snapshot.ts';

/**
 * Whom a message is about: the learner whose submission is to be seen (Submission Review 1.0, "For user claim"), or whose data it is.
 * Drafts of the data privacy launch, and LMSs after them, write `id`.
 *
 * @returns undefined where nobody is named
 */
export function takeForUser(payload: Payload): ForUser | undefined {
  const given = record(payload[claim.forUser]);
  const subject = idText(given.user_id) ?? idText(given.id);
  if (subject === undefined) return undefined;
  return {
    subject,
    name: text(given.name),
    givenName: text(given.given_name),
    familyName: text(given.family_name),
    email: text(given.email, longestEmail),
    personSourcedId: filledIn(given.person_sourcedid, 255) ?? filledIn(given.person_sourcedId, 255),
    roles: texts(given.roles).slice(0, 100),
  };
}
