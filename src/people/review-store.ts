import { z } from 'zod';
import type { ConnectionId, MergeId, PersonId, ReviewId } from '../../contracts/ids.ts';
import { type ReviewReason, type ReviewState, reviewReasons, reviewStates } from '../../contracts/people.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import type { Merge } from './merge-record-store.ts';

/** Two persons who may be one; or one whose roster user may have become somebody else, then both are the same. */
export interface ReviewItem {
  reviewId: ReviewId;
  reason: ReviewReason;
  state: ReviewState;
  /** The roster user that gave the reason. */
  connectionId: ConnectionId;
  sourcedId: string;
  personId: PersonId;
  otherId: PersonId;
  /** Names of fields, none of their values. */
  agree: string[];
  differ: string[];
  foundAt: Date;
  mergeId: MergeId | null;
  decidedBy: string | null;
  decidedAt: Date | null;
}

const id = <Id extends string>() => z.uuid().transform((value) => value as Id);

const reviewRow = z
  .object({
    review_id: id<ReviewId>(),
    reason: z.enum(reviewReasons),
    state: z.enum(reviewStates),
    connection_id: id<ConnectionId>(),
    subject: z.string(),
    person_id: id<PersonId>(),
    other_id: id<PersonId>(),
    agree: z.array(z.string()),
    differ: z.array(z.string()),
    found_at: z.date(),
    merge_id: id<MergeId>().nullable(),
    decided_by: z.string().nullable(),
    decided_at: z.date().nullable(),
  })
  .transform(
    (row): ReviewItem => ({
      reviewId: row.review_id,
      reason: row.reason,
      state: row.state,
      connectionId: row.connection_id,
      sourcedId: row.subject,
      personId: row.person_id,
      otherId: row.other_id,
      agree: row.agree,
      differ: row.differ,
      foundAt: row.found_at,
      mergeId: row.merge_id,
      decidedBy: row.decided_by,
      decidedAt: row.decided_at,
    }),
  );

const columns = sql`review_id, reason, state, connection_id, subject, person_id, other_id, agree, differ, found_at, merge_id,
  decided_by, decided_at`;

export interface ReviewQuery {
  state?: ReviewState | undefined;
  reason?: ReviewReason | undefined;
  connectionId?: ConnectionId | undefined;
  /** Where the page before ended. */
  after?: ReviewId | undefined;
  limit: number;
}

/** Items in the order in which they were found. */
export function listReviews(tx: TenantTx, query: ReviewQuery): Promise<ReviewItem[]> {
  const { state = null, reason = null, connectionId = null, after = null, limit } = query;
  return tx.many(
    sql`select ${columns} from person_review where tenant_id = ${tx.tenantId}
        and (${state}::text is null or state = ${state}) and (${reason}::text is null or reason = ${reason})
        and (${connectionId}::uuid is null or connection_id = ${connectionId})
        and (${after}::uuid is null or review_id > ${after})
      order by review_id limit ${limit}`,
    reviewRow,
  );
}

export function findReview(tx: TenantTx, reviewId: ReviewId): Promise<ReviewItem | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from person_review where tenant_id = ${tx.tenantId} and review_id = ${reviewId}`,
    reviewRow,
  );
}

const personRow = z
  .object({
    person_id: id<PersonId>(),
    current_id: id<PersonId>(),
    name: z.string().nullable(),
    links: z.array(z.object({ connectionId: id<ConnectionId>(), kind: z.string(), subject: z.string() })),
    tools: z.number(),
  })
  .transform((row) => ({
    personId: row.current_id,
    name: row.name,
    links: row.links,
    tools: row.tools,
    askedId: row.person_id,
  }));

/** A person as somebody who decides is shown them. */
export type PersonSummary = Omit<z.output<typeof personRow>, 'askedId'>;

/** Persons by the ids asked for; one who was merged is found as the one that is kept. */
export async function findPersons(
  tx: TenantTx,
  personIds: readonly PersonId[],
): Promise<Map<PersonId, PersonSummary>> {
  const { tenantId } = tx;
  const rows = await tx.many(
    sql`select a.person_id, p.person_id as current_id, p.name,
        coalesce((select jsonb_agg(jsonb_build_object('connectionId', k.connection_id, 'kind', c.kind,
            'subject', k.subject) order by k.connection_id, k.subject)
          from person_link k join connection c on c.tenant_id = ${tenantId} and c.connection_id = k.connection_id
          where k.tenant_id = ${tenantId} and k.person_id = p.person_id), '[]') as links,
        (select count(*)::integer from pseudonym s where s.tenant_id = ${tenantId} and s.person_id = p.person_id) as tools
      from person a
      join person p on p.tenant_id = ${tenantId} and p.person_id = coalesce(a.merged_into, a.person_id)
      where a.tenant_id = ${tenantId} and a.person_id = any (${personIds}::uuid[])`,
    personRow,
  );
  return new Map(rows.map(({ askedId, ...summary }) => [askedId, summary]));
}

/** @returns whether it was open */
export async function closeReview(
  tx: TenantTx,
  reviewId: ReviewId,
  decided: { state: Exclude<ReviewState, 'open'>; by: string; at: Date },
): Promise<boolean> {
  const closed = await tx.exec(sql`
    update person_review set state = ${decided.state}, decided_by = ${decided.by}, decided_at = ${decided.at}
    where tenant_id = ${tx.tenantId} and review_id = ${reviewId} and state = 'open'`);
  return closed === 1;
}

/** What was open between two who are one now is settled. */
export async function closeReviewsOfMerge(tx: TenantTx, merge: Merge): Promise<void> {
  const { mergeId, keptId, absorbedId, moved, mergedBy, mergedAt } = merge;
  const absorbed = [absorbedId, ...moved.merged];
  await tx.exec(sql`
    update person_review v
    set state = 'joined', merge_id = ${mergeId}, decided_by = ${mergedBy}, decided_at = ${mergedAt}
    from person a, person b
    where v.tenant_id = ${tx.tenantId} and v.state = 'open' and v.person_id <> v.other_id
      and (v.person_id = any (${absorbed}::uuid[]) or v.other_id = any (${absorbed}::uuid[]))
      and a.tenant_id = ${tx.tenantId} and a.person_id = v.person_id
      and b.tenant_id = ${tx.tenantId} and b.person_id = v.other_id
      and coalesce(a.merged_into, a.person_id) = ${keptId} and coalesce(b.merged_into, b.person_id) = ${keptId}`);
}

export async function reopenReviewsOfMerge(tx: TenantTx, mergeId: MergeId): Promise<void> {
  await tx.exec(sql`
    update person_review set state = 'open', merge_id = null, decided_by = null, decided_at = null
    where tenant_id = ${tx.tenantId} and merge_id = ${mergeId}`);
}
