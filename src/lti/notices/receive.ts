import { createHash } from 'node:crypto';
import type { ConnectionId } from '../../../contracts/ids.ts';
import {
  findServiceRegistration,
  type ServiceRegistration,
} from '../../connections/service-registrations.ts';
import type { TenantTx } from '../../platform/db.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { claim, idText, type Payload, record, text, texts } from '../claims.ts';
import { checkIssuerAndAudience, checkTimes } from '../inbound/check-claims.ts';
import type { LtiServices } from '../services.ts';
import { verifyJwt } from '../verify-jwt.ts';
import { listConcerned, listInterested, meetCopiedCourse } from './handler-store.ts';
import { insertNotice } from './notice-store.ts';
import { contextCopy, helloWorld } from './notice-types.ts';

/** What became of a notice of an LMS; `ignored`: it was for the hub alone, or no tool wants it. */
export type Reception =
  | { kind: 'relayed'; tools: number }
  | { kind: 'ignored' }
  | { kind: 'refused'; reason: string };

export type ReceiveServices = Pick<LtiServices, 'db' | 'clock' | 'jwks'>;

/**
 * Notices of an LMS (LTI Platform Notification Service 1.0): each is proven as a launch is, taken once, and put on its way
 * to the tools that want it, under the hub's own ids, in one transaction.
 *
 * @returns what became of each, in their order
 */
export async function receiveNotices(
  services: ReceiveServices,
  tenant: Tenant,
  connectionId: ConnectionId,
  tokens: readonly string[],
): Promise<Reception[]> {
  // Anybody can post here: one call is one look at the database before anything is proven.
  const registration = await services.db.withTenant(tenant.tenantId, (tx) =>
    findServiceRegistration(tx, connectionId),
  );
  const receptions: Reception[] = [];
  for (const token of tokens) {
    receptions.push(
      registration?.status === 'active'
        ? await receiveNotice(services, tenant, { connectionId, registration }, token)
        : { kind: 'refused', reason: 'registration_disabled' },
    );
  }
  return receptions;
}

async function receiveNotice(
  { db, clock, jwks }: ReceiveServices,
  tenant: Tenant,
  { connectionId, registration }: { connectionId: ConnectionId; registration: ServiceRegistration },
  token: string,
): Promise<Reception> {
  const source = { cacheKey: connectionId, jwksUrl: registration.jwksUrl, pastedJwks: registration.jwks };
  const verified = await verifyJwt(token, source, jwks);
  if (!verified.ok) return { kind: 'refused', reason: verified.reason };
  const reason = decideRefusal(verified.payload, registration, clock.now());
  if (reason !== undefined) return { kind: 'refused', reason };
  const notice = readNotice(verified.payload);
  if (notice === undefined) return { kind: 'refused', reason: 'notice_invalid' };
  // Sent to whoever has just registered, which is the hub; it sends tools its own.
  if (notice.type === helloWorld) return { kind: 'ignored' };
  const place = { connectionId, deploymentId: notice.deploymentId };
  const relay = notice.type === contextCopy ? relayCopy : relayBare;
  return db.withTenant(tenant.tenantId, (tx) => relay(tx, place, notice, new Date(clock.now())));
}

interface Notice {
  id: string;
  type: string;
  deploymentId: string;
  occurredAt: Date;
  payload: Payload;
}

/** The rules of launches, as far as they hold for a message that no person brings. */
function decideRefusal(
  payload: Payload,
  { issuer, clientId, settings, deployments }: ServiceRegistration,
  now: number,
): string | undefined {
  const expected = {
    issuer,
    clientId,
    trustedAudiences: settings.trustedAudiences,
    now: now / 1000,
    iatWindow: settings.iatWindowSeconds,
    skew: settings.clockSkewSeconds,
  };
  const broken = checkIssuerAndAudience(payload, expected) ?? checkTimes(payload, expected);
  if (broken !== undefined) return broken;
  if (payload[claim.version] !== '1.3.0') return 'version_wrong';
  const deploymentId = idText(payload[claim.deploymentId]);
  if (deploymentId === undefined) return 'deployment_missing';
  return deployments.get(deploymentId) === 'active' ? undefined : 'deployment_unknown';
}

function readNotice(payload: Payload): Notice | undefined {
  const given = record(payload[claim.notice]);
  const [id, type] = [text(given.id, 1_000), text(given.type, 255)];
  const occurredAt = new Date(text(given.timestamp, 64) ?? Number.NaN);
  const deploymentId = idText(payload[claim.deploymentId]);
  if (id === undefined || type === undefined || deploymentId === undefined) return undefined;
  return Number.isNaN(occurredAt.getTime()) ? undefined : { id, type, deploymentId, occurredAt, payload };
}

interface Source {
  connectionId: ConnectionId;
  deploymentId: string;
}

const invalid: Reception = { kind: 'refused', reason: 'notice_invalid' };

async function relayCopy(
  tx: TenantTx,
  source: Source,
  { id, type, occurredAt, payload }: Notice,
  now: Date,
): Promise<Reception> {
  const lmsContextId = idText(record(payload[claim.context]).id);
  if (lmsContextId === undefined) return invalid;
  const lmsOriginIds = texts(payload[claim.originContexts], 255).slice(0, 100);
  const course = { ...source, lmsContextId, lmsOriginIds };
  const interested = await listInterested(tx, course, contextCopy);
  if (interested.length === 0) return { kind: 'ignored' };
  const contextId = await meetCopiedCourse(tx, course, now);
  let tools = 0;
  for (const { toolId, origins } of interested) {
    const content = { contextId, originContextIds: origins };
    const notice = { toolId, source, sourceHash: hashOf(source, id), type, content, occurredAt };
    if (await insertNotice(tx, notice, now)) tools += 1;
  }
  return { kind: 'relayed', tools };
}

/**
 * A notice of a type that the hub does not understand goes on bare: that it happened and when, in which course and at which
 * link of the tool's own, in the hub's ids. Whatever else stands in it may be an id or an address of the LMS, or be about a
 * person, and stays here.
 */
async function relayBare(
  tx: TenantTx,
  source: Source,
  { id, type, occurredAt, payload }: Notice,
  now: Date,
): Promise<Reception> {
  const lmsContextId = idText(record(payload[claim.context]).id);
  const lmsLinkId = idText(record(payload[claim.resourceLink]).id);
  // About something that cannot be read, and so not about nothing, which would concern every tool.
  if (payload[claim.context] !== undefined && lmsContextId === undefined) return invalid;
  if (payload[claim.resourceLink] !== undefined && lmsLinkId === undefined) return invalid;
  const place = { ...source, lmsContextId, lmsLinkId };
  const concerned = await listConcerned(tx, place, type);
  if (concerned.length === 0) return { kind: 'ignored' };
  let tools = 0;
  for (const { toolId, contextId, resourceLinkId } of concerned) {
    const content = {
      ...(contextId !== null && { contextId }),
      ...(resourceLinkId !== null && { resourceLinkId }),
    };
    const notice = { toolId, source, sourceHash: hashOf(source, id), type, content, occurredAt };
    if (await insertNotice(tx, notice, now)) tools += 1;
  }
  return { kind: 'relayed', tools };
}

/** By which a notice that comes again is known. */
function hashOf({ connectionId, deploymentId }: Source, id: string): Buffer {
  return createHash('sha256').update([connectionId, deploymentId, id].join('\0')).digest();
}
