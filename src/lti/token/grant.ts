import type { ToolId } from '../../../contracts/ids.ts';
import { hashSecret } from '../../platform/handle.ts';
import type { Tool } from '../../tools/tool.ts';
import { text } from '../claims.ts';
import { peekPayload } from '../jwt-header.ts';
import type { LtiServices } from '../services.ts';
import { verifyJwt } from '../verify-jwt.ts';
import { useUpAssertion } from './assertion-store.ts';
import { checkAssertion } from './check-assertion.ts';
import type { TokenRefusal } from './refusals.ts';
import { decideScopes, type TokenRequest } from './request.ts';

export type TokenAnswer =
  | { kind: 'granted'; token: string; expiresIn: number; scopes: readonly string[]; toolId: ToolId }
  | {
      kind: 'refused';
      refusal: TokenRefusal;
      /** The tool the request names, once it is known. */
      toolId?: ToolId;
      /** Whether it was that tool that asked: its signature was verified. */
      proven: boolean;
    };

/** Where tools ask for access tokens, below the hub's base URL. */
export const tokenPath = '/platform/token';

type Services = Pick<LtiServices, 'db' | 'clock' | 'baseUrl' | 'jwks' | 'clients' | 'accessTokens'>;

/**
 * Gives a tool an access token for what it proves it is (RFC 6749 §4.4; RFC 7523 §2.2): the tool is found by the client_id
 * its assertion names, the assertion is verified with that tool's key, checked, and used up; the token carries the scopes
 * asked for that the tool may have.
 */
export async function grantToken(services: Services, request: TokenRequest): Promise<TokenAnswer> {
  const payload = peekPayload(request.assertion);
  if (payload === undefined) return { kind: 'refused', refusal: 'token_malformed', proven: false };
  const clientId = text(payload.sub, 255);
  if (clientId === undefined) return { kind: 'refused', refusal: 'client_unknown', proven: false };
  const answer = await answerAs(services, request, clientId);
  if (answer.kind === 'granted' || answer.refusal !== 'client_changed') return answer;
  // What was in memory is older than the database: read the tool anew, once. Nothing was used up.
  services.clients.forget(clientId);
  return answerAs(services, request, clientId);
}

async function answerAs(services: Services, request: TokenRequest, clientId: string): Promise<TokenAnswer> {
  const { clients, jwks, db, clock, baseUrl, accessTokens } = services;
  const tool = await clients.find(clientId);
  if (tool === undefined) return { kind: 'refused', refusal: 'client_unknown', proven: false };
  const { toolId } = tool;
  const refuse = (refusal: TokenRefusal, proven: boolean) =>
    ({ kind: 'refused', refusal, toolId, proven }) as const;

  const verified = await verifyJwt(request.assertion, keySource(tool), jwks);
  if (!verified.ok) return refuse(verified.reason, false);
  if (tool.status !== 'active') return refuse('client_disabled', true);
  if (request.clientId !== undefined && request.clientId !== tool.clientId)
    return refuse('client_id_mismatch', true);
  const assertion = checkAssertion(verified.payload, {
    clientId: tool.clientId,
    audiences: [`${baseUrl}${tokenPath}`, baseUrl],
    now: clock.now() / 1000,
  });
  if (!assertion.ok) return refuse(assertion.refusal, true);

  const scopes = decideScopes(request.scopes, tool.scopes);
  const use = await useUpAssertion(db.hub(), {
    toolId,
    toolVersion: tool.version,
    jtiHash: hashSecret(assertion.jti),
    forgetAt: new Date(assertion.forgetAt * 1000),
    grants: scopes.length > 0,
    now: clock.now(),
  });
  if (use !== 'taken') return refuse(use === 'used_before' ? 'assertion_used' : 'client_changed', true);
  if (scopes.length === 0) return refuse('scope_refused', true);
  // Whether a tenant has this deployment_id is asked at each call, like whether the tool is still on there: a token that is
  // narrowed to one that does not exist opens nothing.
  const { deploymentId } = assertion;
  const issued = await accessTokens.issue({ toolId, clientId: tool.clientId, scopes, deploymentId });
  return { kind: 'granted', ...issued, scopes, toolId };
}

function keySource({ toolId, jwksUrl, jwks }: Tool) {
  return { cacheKey: toolId, jwksUrl, pastedJwks: jwks };
}
