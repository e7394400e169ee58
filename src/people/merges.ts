import { type MergeId, newId, type PersonId } from '../../contracts/ids.ts';
import { recordAudit } from '../audit/audit.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { takeRosterNames } from './link-store.ts';
import { lockPeople } from './lock-store.ts';
import {
  type MergeConflict,
  mergeConflicts,
  planMerge,
  planUnmerge,
  type UnmergeConflict,
  unmergeConflicts,
} from './merge.ts';
import { endMerge, findMerge, hasLaterMerge, insertMerge, type Merge } from './merge-record-store.ts';
import {
  countPresent,
  leadBack,
  leadOn,
  lockLinesAt,
  lockPersons,
  moveAll,
  readEarlier,
  readSides,
} from './merge-store.ts';
import { findNamingUsers } from './name-store.ts';
import { closeReviewsOfMerge, reopenReviewsOfMerge } from './review-store.ts';

export { listMerges, type Merge } from './merge-record-store.ts';

export interface MergeRequest {
  keptId: PersonId;
  absorbedId: PersonId;
  /** Tools that know both may be given the kept person's name from now on. */
  retireNames?: boolean;
}

/**
 * Makes two persons one: links, the names tools know and scores go to the one that is kept. A tool that has known the
 * absorbed person only goes on using the name it knows; one that has known both is given the kept person's, and may still
 * use the other. Launches stay as they were, and lead on.
 *
 * @param tx from `withTenant`
 * @throws DomainError not_found `person_unknown`, conflict with the code of a `MergeConflict`
 */
export async function mergePeople(tx: TenantTx, request: MergeRequest, by: ChangeBy): Promise<Merge> {
  const { keptId, absorbedId, retireNames = false } = request;
  if (keptId === absorbedId) throw refusal('same_person');
  await lockPeople(tx);
  await lockPersons(tx, [keptId, absorbedId]);
  const sides = await readSides(tx, [keptId, absorbedId]);
  const absorbed = sides.get(absorbedId);
  // Scores of launches from the portal stand at the roster of the class.
  const gradebooks = (absorbed?.links ?? []).flatMap(({ kind, connectionId }) =>
    kind === 'lms' || kind === 'roster' ? [connectionId] : [],
  );
  const lines = await lockLinesAt(tx, absorbedId, gradebooks);
  const keptLines = await lockLinesAt(tx, keptId, gradebooks);
  const earlier = await readEarlier(tx, absorbedId);
  const snapshot = { kept: sides.get(keptId), absorbed, lines, keptLines, ...earlier };
  const plan = planMerge(snapshot, { retireNames });
  if ('conflict' in plan) throw refusal(plan.conflict, plan.tools);
  const { moved } = plan;
  const move = { from: absorbedId, to: keptId, moved };
  await moveAll(tx, move);
  await leadOn(tx, move);
  const mergeId = newId<MergeId>(by.now);
  const merge: Merge = {
    ...{ mergeId, keptId, absorbedId, moved },
    mergedBy: by.actor,
    mergedAt: new Date(by.now),
    undoneBy: null,
    undoneAt: null,
  };
  await insertMerge(tx, merge);
  await closeReviewsOfMerge(tx, merge);
  await recordAudit(tx, {
    ...by,
    action: 'person.merged',
    subject: `person:${keptId}`,
    after: { mergeId, absorbedId, ...counts(moved) },
  });
  return merge;
}

/**
 * Takes apart what a merge has put together: everything it moved goes back, with what has become of it since. From then
 * on the two are not offered for joining again.
 *
 * @param tx from `withTenant`
 * @throws DomainError not_found `merge_unknown`, conflict with the code of an `UnmergeConflict`
 */
export async function unmergePeople(tx: TenantTx, mergeId: MergeId, by: ChangeBy): Promise<Merge> {
  await lockPeople(tx);
  const merge = await findMerge(tx, mergeId);
  if (merge === undefined) throw unmergeRefusal('merge_unknown');
  const { keptId, absorbedId, moved } = merge;
  await lockPersons(tx, [keptId, absorbedId]);
  const kept = (await readSides(tx, [keptId])).get(keptId);
  const move = { from: absorbedId, to: keptId, moved };
  const lines = await lockLinesAt(
    tx,
    keptId,
    moved.links.map(({ connectionId }) => connectionId),
  );
  const plan = planUnmerge({
    isUndone: merge.undoneAt !== null,
    keptMergedInto: kept?.mergedInto ?? null,
    hasLater: await hasLaterMerge(tx, merge),
    present: await countPresent(tx, move),
    moved,
    lines,
  });
  if ('conflict' in plan) throw unmergeRefusal(plan.conflict);
  await leadBack(tx, move);
  await moveAll(tx, { from: keptId, to: absorbedId, moved: { ...moved, lines: plan.lines } });
  const undoneAt = new Date(by.now);
  // A run may have named the kept person by what was moved, and the absorbed one goes by the name of the day of the merge.
  await takeRosterNames(tx, await findNamingUsers(tx, [keptId, absorbedId]), undoneAt);
  await endMerge(tx, mergeId, { by: by.actor, at: undoneAt });
  await reopenReviewsOfMerge(tx, mergeId);
  await recordAudit(tx, {
    ...by,
    action: 'person.unmerged',
    subject: `person:${keptId}`,
    after: { mergeId, absorbedId, ...counts(moved) },
  });
  return { ...merge, undoneBy: by.actor, undoneAt };
}

function counts(moved: Merge['moved']): Record<string, number> {
  return { links: moved.links.length, tools: moved.tools.length, retired: moved.retired.length };
}

function refusal(code: MergeConflict, tools?: readonly string[]): DomainError {
  const kind = code === 'person_unknown' ? 'not_found' : 'conflict';
  return new DomainError(kind, code, mergeConflicts[code], tools === undefined ? {} : { details: { tools } });
}

function unmergeRefusal(code: UnmergeConflict): DomainError {
  return new DomainError(code === 'merge_unknown' ? 'not_found' : 'conflict', code, unmergeConflicts[code]);
}
