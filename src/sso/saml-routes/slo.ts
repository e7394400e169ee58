import type { Request, RequestHandler, Response } from 'express';
import { hashSecret } from '../../platform/handle.ts';
import { contextOf } from '../../platform/http/request-context.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { goTo, sendRefusal, setCookies } from '../http.ts';
import type { Identity } from '../identities/identity.ts';
import { type SharedReason, signInReason } from '../reasons.ts';
import { useOnce } from '../requests/once-store.ts';
import { takeRequest } from '../requests/requests.ts';
import type { SamlConnection } from '../saml/connection.ts';
import { answerLogout, type ReceivedLogout, receiveLogout } from '../saml/logout/logout.ts';
import type { LogoutInput } from '../saml/logout/read.ts';
import type { SamlReason } from '../saml/reasons.ts';
import { endByPartner } from '../sessions/partner-end.ts';
import { readLogout } from './expectations.ts';
import { fieldsOf } from './fields.ts';
import { sendOutgoing } from './outgoing.ts';
import { type SamlHttp, samlOfRequest } from './services.ts';

interface Place {
  tenant: Tenant;
  identity: Identity;
  connection: SamlConnection;
}

/**
 * The single logout service (SAML Profiles 2.0, 4.4), over either binding: ends the sessions that a LogoutRequest names and
 * answers it, or takes the answer to one of ours. Only what the identity provider signed counts.
 */
export function takeLogout(http: SamlHttp): RequestHandler {
  return async (request, response) => {
    const { services } = http;
    const { tenant, identity } = await samlOfRequest(http, request, 'any');
    const opened = await http.saml.open(tenant, identity);
    if (!opened.ok) return refuse(http, request, response, { tenant, identity }, opened.reason);
    const place = { tenant, identity, connection: opened.connection };
    const { input, handle, isAnswer } = readInput(request);
    const asked = isAnswer ? await takeAsked(http, request, response, place, handle) : undefined;
    const received = receiveLogout(input, opened.connection, asked, services.clock.now());
    if (!received.accepted) return refuse(http, request, response, place, received.reason);
    if (received.kind === 'response') return goTo(response, signedOut(tenant));
    await endThere(http, request, response, place, received);
  };
}

/** Ends the sessions that the identity provider names, and tells it so. */
async function endThere(
  http: SamlHttp,
  request: Request,
  response: Response,
  place: Place,
  received: Extract<ReceivedLogout, { kind: 'request' }>,
): Promise<void> {
  const { db, clock } = http.services;
  const { tenant, identity, connection } = place;
  const { connectionId } = identity;
  const { id, expires: expiresAt } = received.oneTime;
  const isNew = await db.withTenant(tenant.tenantId, async (tx) => {
    if (!(await useOnce(tx, { connectionId, kind: 'logout', id, expiresAt }))) return false;
    const partnerNameHash = hashSecret(received.nameId.value);
    const partnerIndexHashes = received.sessionIndexes.map(hashSecret);
    const choice = { connectionId, partnerNameHash, partnerIndexHashes };
    await endByPartner(tx, choice, { now: clock.now(), endAdmins: http.endAdmins });
    return true;
  });
  if (!isNew) return refuse(http, request, response, place, 'replay');
  const answer = answerLogout(connection, received, 'ended', clock.now());
  if (answer === undefined) return goTo(response, signedOut(tenant));
  sendOutgoing(http, request, response, tenant, answer);
}

/** The logout of ours that an answer belongs to, in the browser that began it. */
async function takeAsked(
  { services }: SamlHttp,
  request: Request,
  response: Response,
  { tenant, identity }: Place,
  handle: unknown,
) {
  const cookieHeader = request.headers.cookie;
  const taken = await takeRequest(services, tenant.tenantId, identity.connectionId, { handle, cookieHeader });
  if (!taken.ok) return undefined;
  setCookies(response, taken.cookie);
  return readLogout(taken.request.expectations);
}

/** A redirect's query stays as it was sent, since its octets are signed (SAML Bindings 2.0, 3.4.4.1). */
function readInput(request: Request): { input: LogoutInput; handle: unknown; isAnswer: boolean } {
  if (request.method === 'POST') {
    const fields = fieldsOf(request.body);
    const isAnswer = fields.SAMLResponse !== undefined;
    return { input: { binding: 'post', fields }, handle: fields.RelayState, isAnswer };
  }
  const { originalUrl, query: parsed } = request;
  const start = originalUrl.indexOf('?');
  const query = start === -1 ? '' : originalUrl.slice(start + 1);
  const isAnswer = parsed.SAMLResponse !== undefined;
  return { input: { binding: 'redirect', query }, handle: parsed.RelayState, isAnswer };
}

function refuse(
  http: SamlHttp,
  request: Request,
  response: Response,
  { tenant, identity }: Pick<Place, 'tenant' | 'identity'>,
  code: SamlReason | SharedReason,
): void {
  const reason = signInReason(identity.protocol, code);
  sendRefusal(http, request, response, { tenant, reason, reference: contextOf(response).reference });
}

function signedOut({ slug }: Tenant): string {
  return `/t/${slug}/signed-out`;
}
