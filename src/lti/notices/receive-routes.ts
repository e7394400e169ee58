import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { DomainError } from '../../platform/errors.ts';
import { jsonBody } from '../../platform/http/body.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { contextOf, forPrograms } from '../../platform/http/request-context.ts';
import { parseInput } from '../../platform/input.ts';
import { tenantOf } from '../http.ts';
import type { LtiServices } from '../services.ts';
import { type ReceiveServices, type Reception, receiveNotices } from './receive.ts';

/** Notices in one call at most; each is verified by itself. */
const body = z.object({
  notices: z
    .array(z.object({ jwt: z.string().min(1).max(32_000) }))
    .min(1)
    .max(100),
});
const largest = 1024 * 1024;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The hub as a tool: where an LMS posts its notices (LTI Platform Notification Service 1.0). */
export function createNoticeReceiver(
  services: ReceiveServices & Pick<LtiServices, 'directory' | 'recordCall'>,
): Router {
  const router = Router();
  const receive: RequestHandler = async (request, response) => {
    const { slug, connectionId } = request.params as Record<string, string>;
    const tenant = await tenantOf({ services }, slug ?? '');
    if (tenant === undefined || !uuid.test(connectionId ?? '')) {
      throw new DomainError('not_found', 'address_unknown', 'There is nothing at this address.');
    }
    contextOf(response).facts.tenantId = tenant.tenantId;
    const { notices } = parseInput(body, request.body, 'notices_invalid');
    const startedAt = services.clock.now();
    const tokens = notices.map(({ jwt }) => jwt);
    const receptions = await receiveNotices(services, tenant, connectionId as ConnectionId, tokens);
    const call = { kind: 'webhook', tenantId: tenant.tenantId, startedAt } as const;
    for (const { kind } of receptions) {
      if (kind === 'refused') continue;
      services.recordCall({ ...call, outcome: 'success', reason: null, connectionId: String(connectionId) });
    }
    // Anybody can post here, be it their own launch's token: what is refused is nobody's failure, and counts once a call.
    for (const reason of refusalsOf(receptions)) {
      services.recordCall({ ...call, outcome: 'user_error', reason });
    }
    answer(refusalsOf(receptions));
    response.status(202).json({});
  };
  endpoint(router, '/t/:slug/lti/notices/:connectionId', {
    post: [forPrograms, jsonBody(largest, ['application/json']), receive],
  });
  return router;
}

function refusalsOf(receptions: readonly Reception[]): string[] {
  return [...new Set(receptions.flatMap((each) => (each.kind === 'refused' ? [each.reason] : [])))];
}

/** One that cannot be proven now may be sent again; those of the same call that could are known then, and not taken twice. */
function answer(refused: readonly string[]): void {
  if (refused.includes('jwks_unreachable')) {
    const message = 'The keys of the platform cannot be read now. Send the notices again.';
    throw new DomainError('upstream', 'jwks_unreachable', message);
  }
  const [reason] = refused;
  if (reason !== undefined) {
    throw new DomainError('input', 'notice_refused', `A notice was refused: ${reason}.`, {
      details: { reason },
    });
  }
}
