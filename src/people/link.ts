import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Database, TenantTx } from '../platform/db.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { type Candidate, findCandidates } from './candidate-store.ts';
import {
  addReviews,
  createPersons,
  type Doubt,
  linkJoined,
  moveLoneUsers,
  takeRosterNames,
} from './link-store.ts';
import {
  findPosition,
  findWantedRoster,
  type Linked,
  markGathered,
  type Position,
  savePosition,
  wantLinked,
} from './linking-store.ts';
import { lockPeople, planForSteps } from './lock-store.ts';
import { decideMatch, explainFacts, type Match, readFacts } from './match.ts';
import { type Batch, findBatch, forgetNewcomers, gatherUsers, settleLinks } from './newcomer-store.ts';
import { clearMatchValues, fillMatchValues, findMatchRule, saveMatchRule } from './rule-store.ts';

export { type Linked, listUnattended } from './linking-store.ts';

/** Rows of one step: a fraction of a second, so that whoever merges or launches meanwhile does not notice. */
const limits = { settle: 1_000, clear: 10_000, fill: 10_000, gather: 10_000, look: 4_000 };

export interface LinkOptions {
  /** The run that was applied; those before it that were not linked are caught up with. */
  runNo: number;
  /** Every user of the roster once more: a run was undone, and rows are as older runs left them. */
  again?: boolean;
  /** Whose work it is; for a run, whoever asked for it or the job. */
  by: ChangeBy;
  signal?: AbortSignal;
}

/**
 * Gives the users of a roster their persons: those that runs have created or changed since it was linked last, and those
 * whose identifier came with a launch or a sign-in meanwhile. It goes in short transactions, whose number follows from how
 * many users that are, and goes on where another caller was ended. Removed users keep their links.
 *
 * @returns what was done by this call
 * @throws what `signal` was aborted with
 */
export async function linkRosterUsers(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  { runNo, again = false, by, signal }: LinkOptions,
): Promise<Linked> {
  await db.withTenant(tenantId, async (tx) => {
    await lockPeople(tx);
    await wantLinked(tx, connectionId, { runNo, again });
  });
  return goOnLinking(db, tenantId, { by, signal });
}

/** Does what is left to be linked in a tenant, of all its rosters. As `linkRosterUsers`. */
export async function goOnLinking(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  { by, signal }: { by: ChangeBy; signal?: AbortSignal | undefined },
): Promise<Linked> {
  const done = nothing();
  for (;;) {
    signal?.throwIfAborted();
    const step = await db.withTenant(tenantId, (tx) => takeStep(tx, by));
    if (step === 'over') return done;
    add(done, step);
  }
}

const nothing = (): Linked => ({ seen: 0, created: 0, joined: 0, reviews: 0 });

/** One step from wherever linking stands. @returns what it has linked */
async function takeStep(tx: TenantTx, by: ChangeBy): Promise<Linked | 'over'> {
  await lockPeople(tx);
  await planForSteps(tx);
  const position = await findPosition(tx);
  if (position?.step === 'gather') return gather(tx, position, by);
  if (position?.step === 'look') return look(tx, position, by);
  const next = position === undefined ? await begin(tx, by) : await prepare(tx, position, by);
  if (next === 'over') return next;
  if (next !== position) await savePosition(tx, next);
  return nothing();
}

/** What there is to do where no step is under way. */
async function begin(tx: TenantTx, by: ChangeBy): Promise<Position | undefined | 'over'> {
  const rule = await findMatchRule(tx);
  const settled = await settleLinks(tx, { rule, now: new Date(by.now), limit: limits.settle });
  if (settled === limits.settle) return undefined;
  const roster = await findWantedRoster(tx);
  if (roster !== undefined) {
    const { connectionId, linkedRun, wantedRun } = roster;
    // No sourcedId is empty: this is before the first user of the run after.
    return {
      step: 'gather',
      connectionId,
      after: { runNo: linkedRun + 1, sourcedId: '' },
      wantedRun,
      totals: nothing(),
    };
  }
  if ((await findBatch(tx, null, 1)) === undefined) return 'over';
  return { step: 'look', after: null, totals: nothing() };
}

/** The step after one of those that come before users are looked at; the same one, where it is not done. */
async function prepare(
  tx: TenantTx,
  position: Exclude<Position, { step: 'gather' | 'look' }>,
  { now }: ChangeBy,
): Promise<Position | undefined> {
  switch (position.step) {
    case 'clear': {
      if ((await clearMatchValues(tx, limits.clear)) > 0) return position;
      if (position.rule === null) return undefined;
      // From here on launches and sign-ins go by the new rule.
      await saveMatchRule(tx, position.rule, new Date(now));
      return { step: 'fill', after: null };
    }
    case 'fill': {
      const rule = await findMatchRule(tx);
      if (rule === undefined) return undefined;
      const after = await fillMatchValues(tx, rule, { after: position.after, limit: limits.fill });
      return after === undefined ? undefined : { step: 'fill', after };
    }
  }
}

/** Takes up the next users of a roster. */
async function gather(
  tx: TenantTx,
  position: Extract<Position, { step: 'gather' }>,
  { now }: ChangeBy,
): Promise<Linked> {
  const { connectionId, wantedRun } = position;
  const rule = await findMatchRule(tx);
  const { last, seen, created } = await gatherUsers(tx, {
    ...position,
    rule,
    now: new Date(now),
    limit: limits.gather,
  });
  const done = { ...nothing(), seen, created };
  const totals = add(position.totals, done);
  if (last === undefined) {
    await markGathered(tx, connectionId, wantedRun);
    await savePosition(tx, { step: 'look', after: null, totals });
  } else {
    await savePosition(tx, { ...position, after: last, totals });
  }
  return done;
}

/** Links the next of those who were gathered. */
async function look(
  tx: TenantTx,
  { after, totals }: Extract<Position, { step: 'look' }>,
  by: ChangeBy,
): Promise<Linked> {
  const batch = await findBatch(tx, after, limits.look);
  if (batch === undefined) {
    await savePosition(tx, undefined);
    if (totals.created + totals.joined + totals.reviews > 0) {
      await recordAudit(tx, {
        ...by,
        action: 'people.linked',
        subject: `tenant:${tx.tenantId}`,
        after: totals,
      });
    }
    return nothing();
  }
  const done = await linkBatch(tx, batch, by);
  await savePosition(tx, { step: 'look', after: batch.last, totals: add(totals, done) });
  return done;
}

async function linkBatch(
  tx: TenantTx,
  batch: Batch & { count: number },
  { actor, now: at }: ChangeBy,
): Promise<Linked> {
  const now = new Date(at);
  const candidates = decideAll(await findCandidates(tx, batch, await findMatchRule(tx)));
  const joins = planJoins(candidates.filter(({ match }) => match.do === 'join'));
  const moved = await moveLoneUsers(
    tx,
    joins.filter(({ link }) => link === 'alone'),
    { actor, now },
  );
  const newcomers = joins.filter(({ link }) => link === 'none');
  const linked = await linkJoined(tx, newcomers, now);
  const created = await createPersons(tx, batch, now);
  await takeRosterNames(tx, candidates.filter(mayTakeName), now);
  const doubts = candidates.flatMap(({ reason, ...each }) =>
    reason === undefined ? [] : [{ ...each, reason }],
  );
  const reviews = await addReviews(tx, doubts, now);
  await forgetNewcomers(tx, batch);
  return { seen: 0, created, joined: moved + linked, reviews };
}

type Decided = Candidate & { found: string; match: Match; reason: Doubt['reason'] | undefined } & Pick<
    Doubt,
    'agree' | 'differ'
  >;

/** Of two who lead to each other one moves, and the other then has them. */
function planJoins<One extends Candidate>(joins: readonly One[]): One[] {
  const [gone, kept] = [new Set<string>(), new Set<string>()];
  return joins.filter(({ link, personId, candidateId }) => {
    if (gone.has(candidateId) || kept.has(personId)) return false;
    if (link === 'alone') gone.add(personId);
    kept.add(candidateId);
    return true;
  });
}

/** Candidates with the same facts are decided on once. */
function decideAll(candidates: readonly Candidate[]): Decided[] {
  const known = new Map<string, Omit<Decided, keyof Candidate>>();
  return candidates.map((candidate) => {
    let decision = known.get(candidate.facts);
    if (decision === undefined) {
      const facts = readFacts(candidate.facts);
      const match = decideMatch(facts);
      const reason = match.do === 'stay' ? match.review : undefined;
      decision = { found: facts.found, match, reason, ...explainFacts(facts) };
      known.set(candidate.facts, decision);
    }
    return { ...candidate, ...decision };
  });
}

/** A person goes by the roster's name from the day a user is joined to them, unless that is another name altogether. */
function mayTakeName({ found, match, reason, agree }: Decided): boolean {
  if (found === 'link') return reason === undefined;
  return match.do === 'join' && !(agree.includes('given') && agree.includes('family'));
}

function add(totals: Linked, more: Linked): Linked {
  totals.seen += more.seen;
  totals.created += more.created;
  totals.joined += more.joined;
  totals.reviews += more.reviews;
  return totals;
}
