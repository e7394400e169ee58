import { createHash, randomUUID } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { noticeScope } from '../../../contracts/scopes.ts';
import { DomainError } from '../../platform/errors.ts';
import { jsonBody } from '../../platform/http/body.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { forPrograms } from '../../platform/http/request-context.ts';
import { parseInput } from '../../platform/input.ts';
import { webAddress } from '../../platform/partner-values.ts';
import { authorizeTool } from '../ags/call.ts';
import { isToolAddress } from '../deep-linking/plan-items.ts';
import { recordCalls } from '../recorded-calls.ts';
import type { LtiServices } from '../services.ts';
import { deleteHandler, listHandlers, saveHandler } from './handler-store.ts';
import { insertNotice, isOnItsWay } from './notice-store.ts';
import { helloWorld, type RelayedType, relayedTypes } from './notice-types.ts';

export type HandlerServices = Pick<
  LtiServices,
  'db' | 'clock' | 'directory' | 'accessTokens' | 'baseUrl' | 'recordCall' | 'allowLoopback'
>;

const body = z.object({
  notice_type: z.enum(relayedTypes, { error: `The hub relays: ${relayedTypes.join(', ')}.` }),
  /** Empty: no more of them (§3.3). */
  handler: z.string().max(2_000),
});

/** The hub as a platform: where tools want a school's notices (LTI Platform Notification Service 1.0 §3). */
export function createHandlerRouter(services: HandlerServices): Router {
  const router = Router();
  const root = '/t/:slug/notices';
  const calls = recordCalls(services, 'webhook');
  router.use(root, forPrograms, calls.begin);

  const show: RequestHandler = async (request, response) => {
    const { tenant, enabled } = await authorizeTool(services, [noticeScope], request, response);
    const { tool, enablement } = enabled;
    const handlers = await listHandlers(services.db.tenant(tenant.tenantId), tool.toolId);
    response.json({
      client_id: tool.clientId,
      deployment_id: enablement.deploymentId,
      notice_handlers: relayedTypes.map((type) => ({
        notice_type: type,
        handler: handlers.find((each) => each.type === type)?.url ?? '',
      })),
    });
  };

  const put: RequestHandler = async (request, response) => {
    const { tenant, enabled } = await authorizeTool(services, [noticeScope], request, response);
    const { tool } = enabled;
    const { notice_type: type, handler: url } = parseInput(body, request.body, 'notice_handler_invalid');
    const now = new Date(services.clock.now());
    if (url !== '') refuseForeign(url);
    await services.db.withTenant(tenant.tenantId, async (tx) => {
      if (url === '') return deleteHandler(tx, tool.toolId, type);
      await saveHandler(tx, tool.toolId, { type, url }, now);
      // §5.1: sent to whoever has just registered, so that they see that it works.
      if (type !== helloWorld || (await isOnItsWay(tx, tool.toolId, type))) return;
      const sourceHash = createHash('sha256').update(randomUUID()).digest();
      const notice = { toolId: tool.toolId, source: undefined, sourceHash, content: {}, occurredAt: now };
      await insertNotice(tx, { ...notice, type: type as RelayedType }, now);
    });
    response.json({ notice_type: type, handler: url });

    /** A tool must not have the hub call others. */
    function refuseForeign(address: string): void {
      if (webAddress(services).safeParse(address).success && isToolAddress(address, tool)) return;
      const message = 'handler: give an address at one of the hosts that your tool is registered with.';
      throw new DomainError('input', 'notice_handler_invalid', message);
    }
  };

  endpoint(router, `${root}/handlers`, { get: show, put: [jsonBody(64 * 1024, ['application/json']), put] });
  router.use(root, calls.fail);
  return router;
}
