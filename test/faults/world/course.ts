import type pg from 'pg';
import { newId } from '../../../contracts/ids.ts';
import { type FaultSchool, itemsPerSchool, type Place, placeKey } from './population.ts';

export const deploymentId = 'deployment-1';

export interface ConnectedSchool {
  school: FaultSchool;
  tenantId: string;
  connectionId: string;
}

const agsScopes = ['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map(
  (name) => `https://purl.imsglobal.org/spec/lti-ags/scope/${name}`,
);

/** People, a course, and its line items, as a superuser. */
export async function fillSchool(
  superuser: pg.Client,
  { school, tenantId, connectionId }: ConnectedSchool,
  { toolId, lmsOrigin, peopleCount }: { toolId: string; lmsOrigin: string; peopleCount: number },
): Promise<Place[]> {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const contextId = newId();
  const people = numbers(peopleCount).map((number) => ({
    personId: newId(),
    subject: `${school.slug}-person-${number}`,
    userId: `pseudonym-${number}`,
  }));
  const lms = `${lmsOrigin}/${school.slug}`;
  const items = numbers(itemsPerSchool).map((number) => ({
    lineItemId: newId(),
    lmsUrl: `${lms}/lineitems/${number}${school.query}`,
  }));
  const personIds = people.map(({ personId }) => personId);
  await superuser.query(
    `insert into person (tenant_id, person_id, created_at, changed_at) select $1, unnest($2::uuid[]), now(), now()`,
    [tenantId, personIds],
  );
  await superuser.query(
    `insert into person_link (tenant_id, connection_id, subject, person_id, created_at)
     select $1, $2, s, p, now() from unnest($3::text[], $4::uuid[]) as given (s, p)`,
    [tenantId, connectionId, people.map(({ subject }) => subject), personIds],
  );
  await superuser.query(
    `insert into pseudonym (tenant_id, tool_id, person_id, sub, created_at)
     select $1, $2, p, s, now() from unnest($3::text[], $4::uuid[]) as given (s, p)`,
    [tenantId, toolId, people.map(({ userId }) => userId), personIds],
  );
  await superuser.query(
    `insert into lti_context (tenant_id, context_id, connection_id, deployment_id, lms_context_id, type, created_at,
       changed_at, line_items_url, ags_scopes)
     values ($1, $2, $3, $4, 'course-1', '{}', now(), now(), $5, $6)`,
    [tenantId, contextId, connectionId, deploymentId, `${lms}/lineitems${school.query}`, agsScopes],
  );
  await superuser.query(
    `insert into line_item (tenant_id, line_item_id, connection_id, deployment_id, context_id, tool_id, lms_url, status,
       created_at, changed_at)
     select $1, i, $3, $4, $5, $2, u, 'active', now(), now() from unnest($6::uuid[], $7::text[]) as given (i, u)`,
    [
      tenantId,
      toolId,
      connectionId,
      deploymentId,
      contextId,
      items.map(({ lineItemId }) => lineItemId),
      items.map(({ lmsUrl }) => lmsUrl),
    ],
  );
  return items.flatMap(({ lineItemId, lmsUrl }) =>
    people.map(({ personId, subject, userId }) => ({
      key: placeKey(lineItemId, personId),
      school,
      tenantId,
      scoresPath: `/t/${school.slug}/ags/${contextId}/lineitems/${lineItemId}/scores`,
      userId,
      lmsUrl,
      subject,
    })),
  );
}
