import { randomUUID } from 'node:crypto';
import type { Router } from 'express';
import { afterAll } from 'vitest';
import type { ContextId, LineItemId, ToolId } from '../../../../contracts/ids.ts';
import { agsScopes } from '../../../../contracts/scopes.ts';
import { addDeployment } from '../../../../src/connections/deployments.ts';
import { connectLms } from '../../../../src/connections/registrations.ts';
import { acceptScore } from '../../../../src/grades/accept.ts';
import { meetLineItems } from '../../../../src/grades/line-items.ts';
import type { RowlessCall } from '../../../../src/health/refusals.ts';
import { type AgsServices, createAgsRouter } from '../../../../src/lti/ags/routes.ts';
import { createLaunchDirectory } from '../../../../src/lti/directory.ts';
import type { LmsCourse } from '../../../../src/lti/lms/gradebook.ts';
import { createAccessTokens } from '../../../../src/lti/token/access-token.ts';
import type { Database } from '../../../../src/platform/db.ts';
import { html } from '../../../../src/platform/html.ts';
import { createHttpApp } from '../../../../src/platform/http/http-app.ts';
import { listen } from '../../../../src/platform/http/server.ts';
import { openLog } from '../../../../src/platform/log.ts';
import { enableToolWithPolicy } from '../../../../src/privacy/policies.ts';
import { createTenant, type Tenant } from '../../../../src/tenants/tenants.ts';
import type { EnabledTool, Tool } from '../../../../src/tools/tool.ts';
import { registerTool } from '../../../../src/tools/tools.ts';
import type { TestDatabase } from '../../../support/database.ts';
import { by, createTestClock } from '../../../support/hub.ts';
import { loopbackAllowed } from '../../../support/registrations.ts';
import { createFakeGradebook } from './fake-gradebook.ts';

/** A course of a school with its links, and what the school's LMS calls each of them. */
export interface Course extends LmsCourse {
  tenant: Tenant;
  contextId: ContextId;
  /** Address of its container at the LMS; null where the LMS opens none. */
  lineItemsUrl: string | null;
}

export interface CallOptions {
  method?: string;
  tool?: Tool;
  scopes?: readonly string[];
  /** The access token; by default one for `tool` and `scopes`. */
  token?: string | undefined;
  /** The deployment the token is narrowed to. */
  deploymentId?: string;
  body?: unknown;
  type?: string;
  headers?: Record<string, string>;
}

/** Two schools, two tools at both of them, and the hub's grade services before a made-up LMS. */
/** An answer as tests look into it: one thing, or a list of such. What is not there is undefined all the same. */
export interface LookedAt extends Array<LookedAt> {
  code: string;
  details: { issues: { path: string }[] };
  id: string;
  label: string;
  userId: string;
  timestamp: string;
  acceptedAt: string;
  resultScore: number;
  comment: string;
}

export async function startAgsWorld(
  { database, superuser }: TestDatabase,
  options: {
    watch?(database: Database): Database;
    limit?: Parameters<typeof createAgsRouter>[1];
    /** What is served beside the gradebook, from the same services. */
    routers?(services: AgsServices): Router[];
  } = {},
) {
  const clock = createTestClock();
  const gradebook = createFakeGradebook();
  const db = options.watch?.(database) ?? database;
  const directory = createLaunchDirectory({ db, clock });
  const issuer = 'https://hub.example';
  const accessTokens = createAccessTokens({ secret: Buffer.alloc(32, 3), issuer, clock });
  const accepted: unknown[] = [];
  const calls: RowlessCall[] = [];
  const lines: Record<string, unknown>[] = [];
  const services: AgsServices = {
    db,
    clock,
    directory,
    accessTokens,
    baseUrl: issuer,
    gradebook,
    releaseSecret: Buffer.alloc(32, 5),
    recordCall: (call) => void calls.push(call),
    grades: {
      accept: async (handedIn) => {
        const acceptance = await acceptScore(db, handedIn);
        accepted.push(acceptance);
        return acceptance;
      },
    },
  };
  const app = createHttpApp({
    https: false,
    trustedProxyHops: 0,
    log: openLog({
      level: 'info',
      destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
    }),
    renderErrorPage: ({ code }) => html`${code}`,
    routers: [createAgsRouter(services, options.limit), ...(options.routers?.(services) ?? [])],
  });
  const server = await listen({ host: '127.0.0.1', port: 0, handler: app });
  afterAll(async () => void (await server.stop(0)));
  const origin = `http://127.0.0.1:${server.port}`;

  const register = (slug: string) =>
    database.withHub((tx) =>
      registerTool(
        tx,
        {
          slug,
          name: slug,
          loginInitiationUrl: `https://${slug}.example/login`,
          targetLinkUri: `https://${slug}.example/`,
          redirectUris: [`https://${slug}.example/launch`],
        },
        loopbackAllowed,
        by(),
      ),
    );
  const [tool, otherTool] = [await register('quiz'), await register('essay')];

  /** A school with one LMS and one course; each tool is in use there. */
  async function addSchool(slug: string): Promise<{ course: Course; enabled: EnabledTool[] }> {
    const tenant = await createTenant(database, { slug, name: slug }, by());
    return database.withTenant(tenant.tenantId, async (tx) => {
      const { connectionId } = await connectLms(
        tx,
        {
          family: 'generic',
          issuer: `https://lms.example/${slug}`,
          clientId: 'hub',
          authorizeUrl: 'https://lms.example/authorize',
          jwksUrl: 'https://lms.example/jwks',
        },
        loopbackAllowed,
        by(),
      );
      const deploymentId = `deployment-${slug}`;
      await addDeployment(tx, { connectionId, deploymentId }, by());
      const enabled: EnabledTool[] = [];
      for (const { toolId } of [tool, otherTool])
        enabled.push(await enableToolWithPolicy(tx, { toolId, template: 'names_and_email' }, by()));
      const place = { tenantId: tenant.tenantId, connectionId, deploymentId };
      return { course: await addCourse({ ...place, tenant }, slug), enabled };
    });
  }

  /** A course at the school of another one's place. */
  async function addCourse(
    { tenant, tenantId, connectionId, deploymentId }: Pick<Course, keyof LmsCourse | 'tenant'>,
    name: string,
    lineItemsUrl: string | null = `https://lms.example/${name}/items?type_id=2`,
  ): Promise<Course> {
    const contextId = randomUUID() as ContextId;
    await superuser.query(
      `insert into lti_context (tenant_id, context_id, connection_id, deployment_id, lms_context_id, type,
         line_items_url, created_at, changed_at) values ($1, $2, $3, $4, $5, '{}', $6, now(), now())`,
      [tenantId, contextId, connectionId, deploymentId, name, lineItemsUrl],
    );
    const course = { tenant, tenantId, connectionId, deploymentId, contextId, lineItemsUrl };
    // Whoever may look into a course has a link there.
    await addLink(course, `home of ${contextId}`);
    return course;
  }

  /** A link of a tool; gives the hub's id of it. */
  async function addLink(course: Course, lmsId: string, { toolId }: Tool = tool): Promise<string> {
    const resourceLinkId = randomUUID();
    await superuser.query(
      `insert into lti_resource_link (tenant_id, resource_link_id, connection_id, deployment_id, tool_id,
         lms_resource_link_id, context_id, created_at, changed_at) values ($1, $2, $3, $4, $5, $6, $7, now(), now())`,
      [
        course.tenantId,
        resourceLinkId,
        course.connectionId,
        course.deploymentId,
        toolId,
        lmsId,
        course.contextId,
      ],
    );
    return resourceLinkId;
  }

  /** A person of the LMS, whom the tool knows unless told otherwise; gives the tool's name for them. */
  async function addPerson(course: Course, subject: string, toolId: ToolId | null = tool.toolId) {
    const [personId, sub] = [randomUUID(), `sub-${randomUUID()}`];
    const { tenantId, connectionId } = course;
    await superuser.query(
      'insert into person (tenant_id, person_id, created_at, changed_at) values ($1, $2, now(), now())',
      [tenantId, personId],
    );
    await superuser.query('insert into person_link values ($1, $2, $3, $4, now())', [
      tenantId,
      connectionId,
      subject,
      personId,
    ]);
    if (toolId !== null)
      await superuser.query('insert into pseudonym values ($1, $2, $3, $4, now())', [
        tenantId,
        toolId,
        personId,
        sub,
      ]);
    return sub;
  }

  /** A line item the hub knows. */
  async function addItem(course: Course, lmsUrl: string, { toolId }: Tool = tool): Promise<LineItemId> {
    const { connectionId, deploymentId, contextId } = course;
    const record = { connectionId, deploymentId, contextId, toolId, resourceLinkId: null, lmsUrl };
    const [item] = await meetLineItems(database.tenant(course.tenantId), [record], clock.now());
    return item!.lineItemId;
  }

  const pathOf = (course: Course, rest = '') =>
    `/t/${course.tenant.slug}/ags/${course.contextId}/lineitems${rest}`;

  /** Calls the hub as a tool does. */
  async function call(path: string, options: CallOptions = {}) {
    const { method = 'GET', tool: caller = tool, scopes = agsScopes, deploymentId, body, type } = options;
    const grant = { toolId: caller.toolId, clientId: caller.clientId, scopes, deploymentId };
    const token = 'token' in options ? options.token : (await accessTokens.issue(grant)).token;
    const reply = await fetch(`${origin}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(type !== undefined && { 'content-type': type }),
        ...options.headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await reply.text();
    return {
      status: reply.status,
      headers: reply.headers,
      text,
      json: (text === '' ? undefined : JSON.parse(text)) as LookedAt,
    };
  }

  return {
    clock,
    gradebook,
    directory,
    accessTokens,
    accepted,
    calls,
    lines,
    issuer,
    tool,
    otherTool,
    addSchool,
    addCourse,
    addLink,
    addPerson,
    addItem,
    pathOf,
    call,
  };
}
