import type { ConnectionId } from '../../contracts/ids.ts';
import { recordAudit } from '../audit/audit.ts';
import type { TenantTx } from '../platform/db.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { findCandidates, gatherNewcomers, listFacts } from './candidate-store.ts';
import {
  addReviews,
  type FactsDecision,
  forgetNewcomers,
  linkNewUsers,
  moveLoneUsers,
  refreshLinked,
} from './link-store.ts';
import { lockPeople, planForMany } from './lock-store.ts';
import { decideMatch, explainFacts, readFacts } from './match.ts';
import { findMatchRule } from './rule-store.ts';

export interface LinkOptions {
  /** The run that was applied; undefined: look at every user of the connection again. */
  runNo?: number | undefined;
  /** Whose work it is; for a run, whoever asked for it or the job. */
  by: ChangeBy;
}

export interface Linked {
  /** Users that were looked at. */
  seen: number;
  /** Persons that are new. */
  created: number;
  /** Users that were linked to a person known already. */
  joined: number;
  /** Doubtful pairs that wait for somebody. */
  reviews: number;
}

/**
 * Gives the users of a roster their persons, set-based: those a run has created or changed, those without a person, and
 * those whose identifier came with a launch since. Can be called again at any time, and then does what is left. Removed
 * users keep their links.
 *
 * @param tx from `withTenant`, and best one of its own: it reads and writes as many rows as the run had users, one
 *   caller a tenant at a time
 */
export async function linkRosterUsers(
  tx: TenantTx,
  connectionId: ConnectionId,
  { runNo, by }: LinkOptions,
): Promise<Linked> {
  const now = new Date(by.now);
  await lockPeople(tx);
  await planForMany(tx);
  const rule = await findMatchRule(tx);
  const seen = await gatherNewcomers(tx, { connectionId, runNo, rule, now });
  if (seen === 0) return { seen, created: 0, joined: 0, reviews: 0 };
  await findCandidates(tx, rule);
  const decisions = (await listFacts(tx)).map(decideFacts);
  const moved = await moveLoneUsers(tx, decisions, { actor: by.actor, now });
  const { created, linked } = await linkNewUsers(tx, decisions, now);
  await refreshLinked(tx, decisions, now);
  const reviews = await addReviews(tx, decisions, now);
  await forgetNewcomers(tx);
  const done: Linked = { seen, created, joined: moved + linked - created, reviews };
  if (created + done.joined + reviews > 0) {
    const after = { ...done, ...(runNo === undefined ? {} : { runNo }) };
    await recordAudit(tx, { ...by, action: 'people.linked', subject: `connection:${connectionId}`, after });
  }
  return done;
}

function decideFacts(text: string): FactsDecision {
  const facts = readFacts(text);
  const match = decideMatch(facts);
  const reason = match.do === 'stay' ? (match.review ?? null) : null;
  return { facts: text, joins: match.do === 'join', reason, ...explainFacts(facts) };
}
