import type { ConnectionId, ContextId, LineItemId, PersonId, TenantId, ToolId } from '../../contracts/ids.ts';
import { newId } from '../../contracts/ids.ts';
import { addDeployment } from '../../src/connections/deployments.ts';
import { connectLms } from '../../src/connections/registrations.ts';
import type { HandedInScore } from '../../src/grades/accept.ts';
import { enableToolWithPolicy } from '../../src/privacy/policies.ts';
import { createTenant } from '../../src/tenants/tenants.ts';
import { registerTool } from '../../src/tools/tools.ts';
import type { TestDatabase } from './database.ts';

/** A school with a tool, a course, line items and people, as launches would have left them. */
export interface GradeSchool {
  tenantId: TenantId;
  toolId: ToolId;
  /** What the tool knows the school by. */
  deploymentId: string;
  connectionId: ConnectionId;
  contextId: ContextId;
  /** Their addresses at the LMS are `https://lms.example/items/<index>`. */
  lineItemIds: LineItemId[];
  /** The tool knows them as `pupil-<index>-<slug>`, the LMS as `lms-<index>`. */
  people: { personId: PersonId; sub: string; subject: string }[];
}

const by = () => ({ actor: 'test', now: Date.now() });
const rules = { allowLoopback: true };

export async function createGradeSchool(
  { database, superuser }: TestDatabase,
  { slug, toolId, items = 2, people = 3 }: { slug: string; toolId?: ToolId; items?: number; people?: number },
): Promise<GradeSchool> {
  const tool =
    toolId ??
    (
      await database.withHub((tx) =>
        registerTool(
          tx,
          {
            slug: `tool-of-${slug}`,
            name: 'Tool',
            loginInitiationUrl: 'https://tool.example/login',
            targetLinkUri: 'https://tool.example/',
            redirectUris: ['https://tool.example/launch'],
          },
          rules,
          by(),
        ),
      )
    ).toolId;
  const { tenantId } = await createTenant(database, { slug, name: slug }, by());
  const { connectionId, deploymentId } = await database.withTenant(tenantId, async (tx) => {
    const registration = await connectLms(
      tx,
      {
        family: 'generic',
        issuer: 'https://lms.example',
        clientId: 'hub',
        authorizeUrl: 'https://lms.example/authorize',
        tokenUrl: 'https://lms.example/token',
        jwksUrl: 'https://lms.example/jwks',
      },
      rules,
      by(),
    );
    await addDeployment(tx, { connectionId: registration.connectionId, deploymentId: '1' }, by());
    const enabled = await enableToolWithPolicy(tx, { toolId: tool, template: 'names_and_email' }, by());
    return { connectionId: registration.connectionId, deploymentId: enabled.enablement.deploymentId };
  });
  const contextId = newId<ContextId>();
  await superuser.query(
    `insert into lti_context (tenant_id, context_id, connection_id, deployment_id, lms_context_id, type, line_items_url,
       created_at, changed_at) values ($1, $2, $3, '1', 'course', '{}', 'https://lms.example/items', now(), now())`,
    [tenantId, contextId, connectionId],
  );
  const lineItemIds = Array.from({ length: items }, () => newId<LineItemId>());
  for (const [index, lineItemId] of lineItemIds.entries()) {
    await superuser.query(
      `insert into line_item (tenant_id, line_item_id, connection_id, deployment_id, context_id, tool_id, lms_url, status,
         created_at, changed_at) values ($1, $2, $3, '1', $4, $5, $6, 'active', now(), now())`,
      [tenantId, lineItemId, connectionId, contextId, tool, `https://lms.example/items/${index}`],
    );
  }
  const known = Array.from({ length: people }, (_, index) => ({
    personId: newId<PersonId>(),
    sub: `pupil-${index}-${slug}`,
    subject: `lms-${index}`,
  }));
  for (const { personId, sub, subject } of known) {
    await superuser.query(
      `insert into person (tenant_id, person_id, created_at, changed_at) values ($1, $2, now(), now())`,
      [tenantId, personId],
    );
    await superuser.query(
      `insert into person_link (tenant_id, connection_id, subject, person_id, created_at) values ($1, $2, $3, $4, now())`,
      [tenantId, connectionId, subject, personId],
    );
    await superuser.query(
      `insert into pseudonym (tenant_id, tool_id, person_id, sub, created_at) values ($1, $2, $3, $4, now())`,
      [tenantId, tool, personId, sub],
    );
  }
  return { tenantId, toolId: tool, deploymentId, connectionId, contextId, lineItemIds, people: known };
}

/** A score for the first person on the first line item; `second` tells it from others by its timestamp. */
export function scoreOf(
  school: GradeSchool,
  second: number,
  given: Partial<HandedInScore['score']> & { person?: number; item?: number } = {},
): HandedInScore {
  const { person = 0, item = 0, ...members } = given;
  return {
    tenantId: school.tenantId,
    toolId: school.toolId,
    contextId: school.contextId,
    lineItemId: school.lineItemIds[item]!,
    deploymentId: undefined,
    score: {
      userId: school.people[person]!.sub,
      scoreGiven: second,
      scoreMaximum: 100,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      timestamp: new Date(Date.UTC(2026, 2, 1) + second * 1_000).toISOString(),
      ...members,
    },
    now: Date.now(),
  };
}
