import type pg from 'pg';
import {
  type ContextId,
  type LineItemId,
  newId,
  type PersonId,
  type TenantId,
} from '../../../contracts/ids.ts';
import { agsScopes } from '../../../contracts/scopes.ts';
import { newPseudonym } from '../../../src/privacy/pseudonyms.ts';
import type { BenchTenant } from '../world/tenants.ts';
import { lmsItemPath, lmsSubject, type SchoolSize } from './lines.ts';
import type { LoadSettings } from './load-process.ts';

/** What the hub has learnt of a school: one course, its line items, and people that the tool has met. */
export interface Gradebook {
  tenantId: TenantId;
  contextId: ContextId;
  lineItemIds: LineItemId[];
  /** What the tool calls each person. */
  userIds: string[];
}

export interface NewGradebook extends SchoolSize {
  /** Number of the school. */
  school: number;
  lmsOrigin: string;
  deploymentId: string;
}

/** Writes what launches would have left behind, as the superuser, since nothing of it is measured. */
export async function fillGradebook(
  superuser: pg.Client,
  { tenant, registration, enabled }: BenchTenant,
  { school, items, people, lmsOrigin, deploymentId }: NewGradebook,
): Promise<Gradebook> {
  const { tenantId } = tenant;
  const { connectionId } = registration;
  const { toolId } = enabled.tool;
  const contextId = newId<ContextId>();
  const lineItemIds = Array.from({ length: items }, () => newId<LineItemId>());
  const personIds = Array.from({ length: people }, () => newId<PersonId>());
  const userIds = personIds.map(() => newPseudonym());
  const now = new Date();

  await superuser.query(
    `insert into lti_context (tenant_id, context_id, connection_id, deployment_id, lms_context_id, label, title, type,
       created_at, changed_at, line_items_url, ags_scopes)
     values ($1, $2, $3, $4, 'course', 'BIO-1', 'Biology', '{}', $5, $5, $6, $7)`,
    [tenantId, contextId, connectionId, deploymentId, now, `${lmsOrigin}/schools/${school}/items`, agsScopes],
  );
  const urls = lineItemIds.map((_id, item) => `${lmsOrigin}${lmsItemPath({ school, item })}`);
  await superuser.query(
    `insert into line_item (tenant_id, line_item_id, connection_id, deployment_id, context_id, tool_id, lms_url, status,
       created_at, changed_at)
     select $1, line_item_id, $2, $3, $4, $5, lms_url, 'active', $6, $6
     from unnest($7::uuid[], $8::text[]) as given (line_item_id, lms_url)`,
    [tenantId, connectionId, deploymentId, contextId, toolId, now, lineItemIds, urls],
  );
  await superuser.query(
    `insert into person (tenant_id, person_id, created_at, changed_at)
     select $1, person_id, $2, $2 from unnest($3::uuid[]) as given (person_id)`,
    [tenantId, now, personIds],
  );
  await superuser.query(
    `insert into person_link (tenant_id, connection_id, subject, person_id, created_at)
     select $1, $2, subject, person_id, $3 from unnest($4::uuid[], $5::text[]) as given (person_id, subject)`,
    [tenantId, connectionId, now, personIds, personIds.map((_id, person) => lmsSubject({ school, person }))],
  );
  await superuser.query(
    `insert into pseudonym (tenant_id, tool_id, person_id, sub, created_at)
     select $1, $2, person_id, sub, $3 from unnest($4::uuid[], $5::text[]) as given (person_id, sub)`,
    [tenantId, toolId, now, personIds, userIds],
  );
  return { tenantId, contextId, lineItemIds, userIds };
}

/** Where the tool sends the scores of a school. */
export function addressesOf(slug: string, gradebook: Gradebook): LoadSettings['schools'][number] {
  const { contextId, lineItemIds, userIds } = gradebook;
  const itemPaths = lineItemIds.map((id) => `/t/${slug}/ags/${contextId}/lineitems/${id}/scores`);
  return { itemPaths, userIds };
}
