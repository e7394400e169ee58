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
import { helloWorld, understoodTypes } from './notice-types.ts';
import { askSourcesAgain, listOfferedTypes } from './source-store.ts';

export type HandlerServices = Pick<
  LtiServices,
  'db' | 'clock' | 'directory' | 'accessTokens' | 'baseUrl' | 'recordCall' | 'allowLoopback'
>;

const body = z.object({
  notice_type: z.string().min(1).max(255),
  /** Empty: no more of them. */
  handler: z.string().max(2_000),
});

/** The hub as a platform: where tools want a school's notices (LTI Platform Notification Service 1.0). */
export function createHandlerRouter(services: HandlerServices): Router {
  const router = Router();
  const root = '/t/:slug/notices';
  const calls = recordCalls(services, 'webhook');
  router.use(root, forPrograms, calls.begin);

  const show: RequestHandler = async (request, response) => {
    const { tenant, enabled } = await authorizeTool(services, [noticeScope], request, response);
    const { tool, enablement } = enabled;
    const { handlers, offered } = await services.db.withTenant(tenant.tenantId, async (tx) => ({
      handlers: await listHandlers(tx, tool.toolId),
      offered: await listOfferedTypes(tx),
    }));
    const types = new Set([...understoodTypes, ...offered, ...handlers.map(({ type }) => type)]);
    response.json({
      client_id: tool.clientId,
      deployment_id: enablement.deploymentId,
      notice_handlers: [...types].map((type) => ({
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
      const isUnderstood = understoodTypes.includes(type);
      if (!isUnderstood) refuseUnknown(type, await listOfferedTypes(tx));
      const isNew = await saveHandler(tx, tool.toolId, { type, url }, now);
      // LMSs know the hub's address alone: what a tool had already is asked only of those that refused it for good.
      const which = isNew && !isUnderstood ? 'all' : 'dead';
      await askSourcesAgain(tx, [type], { which, now });
      // Sent to whoever has just registered, so that they see that it works.
      if (type !== helloWorld || (await isOnItsWay(tx, tool.toolId, type))) return;
      const sourceHash = createHash('sha256').update(randomUUID()).digest();
      const notice = { toolId: tool.toolId, source: undefined, sourceHash, content: {}, occurredAt: now };
      await insertNotice(tx, { ...notice, type }, now);
    });
    response.json({ notice_type: type, handler: url });

    /** Nothing is promised that cannot come. */
    function refuseUnknown(wanted: string, offered: readonly string[]): void {
      if (offered.includes(wanted)) return;
      const types = [...new Set([...understoodTypes, ...offered])].join(', ');
      const message = `notice_type: no LMS of this institution has it. There are: ${types}.`;
      throw new DomainError('input', 'notice_handler_invalid', message);
    }

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
