import type { Request, RequestHandler, Response } from 'express';
import type { ContextId, LineItemId, TenantId, ToolId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { contextOf } from '../../platform/http/request-context.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { EnabledTool, Tool } from '../../tools/tool.ts';
import type { LaunchDirectory } from '../directory.ts';
import { tenantOf } from '../http.ts';
import type { LtiServices } from '../services.ts';
import type { AccessGrant } from '../token/access-token.ts';
import { readGrant, requireScope } from '../token/bearer.ts';
import type { CoursePlace } from './addresses.ts';

/** A call of a tool to the gradebook of a course, once it is known who calls and that it may. */
export interface AgsCall {
  tenantId: TenantId;
  toolId: ToolId;
  tool: Tool;
  contextId: ContextId;
  /** The one line item the address names; undefined at the container. */
  lineItemId: LineItemId | undefined;
  /** The enablement the tool's token is narrowed to. */
  deploymentId: string | undefined;
  /** What the token is good for, as far as the tool still has the right. */
  scopes: readonly string[];
  /** The course, for addresses in the answer. */
  place: CoursePlace;
  /** Each statement is a transaction of its own: LMSs are asked in between. */
  tx: TenantTx;
}

const key = Symbol('gatehouse.ags');
type Locals = { [key]?: AgsCall };

/** The call that a response answers, behind `authorizeCall`. */
export function callOf(response: Response): AgsCall {
  const call = (response.locals as Locals)[key];
  if (call === undefined) throw new Error('No AGS call was authorized here');
  return call;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Who calls: a tool whose token is good for one of these scopes and for the tenant that the address names.
 *
 * @param anyOf in the order of least right first
 * @throws DomainError unauthenticated and forbidden of the token, not_found `address_unknown`, forbidden `tool_not_enabled`
 */
export async function authorizeTool(
  services: Pick<LtiServices, 'accessTokens' | 'directory'>,
  anyOf: readonly string[],
  request: Request,
  response: Response,
): Promise<{ tenant: Tenant; enabled: EnabledTool; grant: AccessGrant }> {
  const grant = await readGrant(request, services.accessTokens);
  const tenant = await tenantOf({ services }, String(request.params.slug ?? ''));
  if (tenant === undefined) throw unknownAddress();
  const { facts } = contextOf(response);
  facts.tenantId = tenant.tenantId;
  facts.toolId = grant.toolId;
  const enabled = await findEnabled(services.directory, tenant.tenantId, grant.toolId);
  if (enabled === undefined) throw notEnabled();
  const { tool, enablement } = enabled;
  // LTI Core §6.2.1: a token for one deployment is good for no other.
  if (grant.deploymentId !== undefined && grant.deploymentId !== enablement.deploymentId) throw notEnabled();
  // A right that was taken from the tool ends at once, not with its tokens.
  requireScope({ ...grant, scopes: grant.scopes.filter((scope) => tool.scopes.includes(scope)) }, anyOf);
  return { tenant, enabled, grant };
}

/** Lets a call about a course through, as `authorizeTool` does. */
export function authorizeCall(
  services: Pick<LtiServices, 'accessTokens' | 'directory' | 'db' | 'baseUrl'>,
  anyOf: readonly string[],
): RequestHandler {
  const { db, baseUrl } = services;
  return async (request, response, next) => {
    const { tenant, enabled, grant } = await authorizeTool(services, anyOf, request, response);
    const { contextId, lineItemId } = request.params as Record<string, string>;
    const named = [contextId, ...(lineItemId === undefined ? [] : [lineItemId])];
    if (!named.every((id) => uuid.test(id ?? ''))) throw unknownAddress();
    (response.locals as Locals)[key] = {
      tenantId: tenant.tenantId,
      toolId: grant.toolId,
      tool: enabled.tool,
      contextId: contextId as ContextId,
      lineItemId: lineItemId as LineItemId | undefined,
      deploymentId: grant.deploymentId,
      scopes: grant.scopes.filter((scope) => enabled.tool.scopes.includes(scope)),
      place: { baseUrl, slug: tenant.slug, contextId: contextId ?? '' },
      tx: db.tenant(tenant.tenantId),
    };
    next();
  };
}

/** What is not known may have been switched on a moment ago: then it is read anew, once in a while. */
async function findEnabled(
  directory: LaunchDirectory,
  tenantId: TenantId,
  toolId: ToolId,
): Promise<EnabledTool | undefined> {
  const find = async () => (await directory.setup(tenantId)).tools.find(({ tool }) => tool.toolId === toolId);
  return (await find()) ?? (directory.lookAgain(tenantId) ? find() : undefined);
}

function unknownAddress(): DomainError {
  return new DomainError('not_found', 'address_unknown', 'There is nothing at this address.');
}

/** The school does not use the tool (any more), or the token is for another school. */
export function notEnabled(): DomainError {
  return new DomainError(
    'forbidden',
    'tool_not_enabled',
    'Your tool is not in use at this school, or this access token is for another deployment.',
  );
}
