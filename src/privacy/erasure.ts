import type { PersonId, TenantId, ToolId } from '../../contracts/ids.ts';
import { recordAudit } from '../audit/audit.ts';
import { type ErasedIdentity, eraseIdentity } from '../people/erase.ts';
import type { Database, TenantTx } from '../platform/db.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { deleteAuditValues, deletePseudonyms } from './erasure-store.ts';

/** What a feature keeps of persons, and how it forgets it. */
export interface Eraser {
  /** @returns how many of what there were */
  erase(tx: TenantTx, erased: ErasedIdentity, now: Date): Promise<Readonly<Record<string, number>>>;
}

/** What was forgotten of a person. Holds ids and numbers. */
export interface Erasure {
  /** Their id and those of everybody they were merged with. Events keep them, and nothing else of the person. */
  personIds: PersonId[];
  /** Tools that have known them under a name of their own, and may hold what they were told: they are to be asked as well. */
  tools: ToolId[];
  /** By what it was: links, sessions, scores … */
  counts: Readonly<Record<string, number>>;
}

/**
 * Erases a person from the hub in one transaction: names, accounts, sessions, launches under way, scores, and the rosters'
 * rows, which the next run does not bring back. Only opaque ids are left in events. Whoever launches or signs in again later
 * is somebody new.
 *
 * @param erasers of the features that know persons
 * @throws DomainError not_found `person_unknown`, conflict `score_being_sent`, `roster_being_applied`
 */
export function erasePerson(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  personId: PersonId,
  erasers: readonly Eraser[],
  by: ChangeBy,
): Promise<Erasure> {
  return db.withTenant(tenantId, (tx) => eraseAll(tx, personId, erasers, by));
}

/** What `erasePerson` would forget: it is done, counted, and taken back. As `erasePerson`. */
export async function previewErasure(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  personId: PersonId,
  erasers: readonly Eraser[],
  by: ChangeBy,
): Promise<Erasure> {
  try {
    return await db.withTenant(tenantId, async (tx) => {
      throw new TakenBack(await eraseAll(tx, personId, erasers, by));
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.erasure;
    throw error;
  }
}

/** Ends a transaction in which nothing was to be changed. */
class TakenBack extends Error {
  readonly erasure: Erasure;

  constructor(erasure: Erasure) {
    super('Taken back');
    this.erasure = erasure;
  }
}

async function eraseAll(
  tx: TenantTx,
  personId: PersonId,
  erasers: readonly Eraser[],
  by: ChangeBy,
): Promise<Erasure> {
  const now = new Date(by.now);
  const identity = await eraseIdentity(tx, personId, now);
  const { personIds, links, reviews, merges } = identity;
  const counts: Record<string, number> = { links: links.length, reviews, merges };
  for (const eraser of erasers) Object.assign(counts, await eraser.erase(tx, identity, now));
  const tools = await deletePseudonyms(tx, personIds);
  counts.auditValues = 0;
  for (const { connectionId, subject: sourcedId, kind } of links) {
    if (kind === 'roster') counts.auditValues += await deleteAuditValues(tx, { connectionId, sourcedId });
  }
  const after = { personIds, tools, ...counts };
  await recordAudit(tx, { ...by, action: 'person.erased', subject: `person:${personId}`, after });
  return { personIds, tools, counts };
}
