import type { NotificationId, TenantId } from '../../../contracts/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database, HubTx, TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import type { Secrets } from '../../platform/secrets/secrets.ts';
import { findTenant } from '../../tenants/tenants.ts';
import { findIncident, isOfHub, listAlerts } from '../incidents/incident-store.ts';
import { type Address, addressSchema } from './address.ts';
import { composePayload, composeSubject, composeText, type NewsFacts } from './message.ts';
import { type ClaimedNews, claimNews, listDue, settleNews } from './notification-store.ts';
import { planRetry } from './retry.ts';
import { signatureHeaders } from './sign.ts';
import { inScope, placeOf } from './targets.ts';

/** Sends one mail. @throws where the server does not take it */
export type SendMail = (mail: {
  to: readonly string[];
  subject: string;
  text: string;
  /** The same for whoever reads HTML. */
  html?: string;
}) => Promise<void>;

export interface SendDeps {
  db: Pick<Database, 'withRollup' | 'withTenant' | 'withHub' | 'directory'>;
  clock: Clock;
  log: Log;
  secrets: Pick<Secrets, 'open'>;
  fetch: OutboundFetch;
  /** Undefined: no mail server is configured. */
  sendMail: SendMail | undefined;
}

/** A copy that dies leaves its news to the others after so long. */
const claimMs = 5 * 60_000;
const most = 100;

/** Sends the news that is due, of every scope. One target that fails stops no other. */
export async function sendNews(deps: SendDeps, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const due = await deps.db.withRollup((tx) => listDue(tx, new Date(deps.clock.now()), most));
    for (const { tenantId, notificationId } of due) {
      if (signal?.aborted === true) return;
      await sendOne(deps, tenantId, notificationId, signal).catch((error: unknown) => {
        deps.log.warn('notification_failed', { tenantId, error });
      });
    }
    if (due.length < most) return;
  }
}

async function sendOne(
  deps: SendDeps,
  tenantId: TenantId,
  notificationId: NotificationId,
  signal: AbortSignal | undefined,
): Promise<void> {
  const now = deps.clock.now();
  const claim = { now: new Date(now), until: new Date(now + claimMs) };
  const prepared = await inScope(deps.db, tenantId, async (tx) => {
    const claimed = await claimNews(tx, notificationId, claim);
    return claimed && { claimed, address: await openAddress(deps, tx, claimed) };
  });
  if (prepared === undefined) return;
  const { claimed, address } = prepared;
  const failure = await trySending(deps, { address, claimed, notificationId }, signal);
  const at = new Date(deps.clock.now());
  await inScope(deps.db, tenantId, async (tx) => {
    if (failure === undefined) return settleNews(tx, notificationId, { state: 'sent', at });
    const plan = planRetry(claimed.tries, failure.isFinal);
    const { code } = failure;
    if (plan.kind === 'dead') return settleNews(tx, notificationId, { state: 'dead', at, failure: code });
    const nextTryAt = new Date(at.getTime() + plan.afterMs);
    return settleNews(tx, notificationId, { state: 'waiting', nextTryAt, failure: code });
  });
}

async function openAddress(deps: SendDeps, tx: TenantTx | HubTx, claimed: ClaimedNews): Promise<Address> {
  const opened = await deps.secrets.open(tx, placeOf(claimed.targetId), claimed.sealedAddress);
  return addressSchema.parse(JSON.parse(opened.toString()));
}

interface Sending {
  address: Address;
  claimed: ClaimedNews;
  notificationId: NotificationId;
}

/** @returns undefined once it is sent */
async function trySending(
  deps: SendDeps,
  { address, claimed, notificationId }: Sending,
  signal: AbortSignal | undefined,
): Promise<{ code: string; isFinal: boolean } | undefined> {
  const facts = await readFacts(deps, claimed);
  if (facts === undefined) return { code: 'incident_gone', isFinal: true };
  if (address.channel === 'email') {
    if (deps.sendMail === undefined) return { code: 'mail_not_configured', isFinal: true };
    const mail = { to: address.to, subject: composeSubject(facts), text: composeText(facts) };
    return deps.sendMail(mail).then(
      () => undefined,
      () => ({ code: 'mail_refused', isFinal: false }),
    );
  }
  const isSlack = address.channel === 'slack';
  const body = JSON.stringify(isSlack ? { text: composeText(facts) } : composePayload(facts));
  const signed = isSlack
    ? {}
    : signatureHeaders(address.secret, { id: notificationId, body, now: deps.clock.now() });
  try {
    const { status } = await deps.fetch({
      ...{ url: address.url, method: 'POST', body, timeoutMs: 10_000, maxBytes: 64 * 1024 },
      headers: { 'content-type': 'application/json', ...signed },
      ...(signal && { signal }),
    });
    if (status >= 200 && status < 300) return undefined;
    // 410: the receiver wants no more of it (Standard Webhooks 1.0).
    return { code: `status_${status}`, isFinal: status === 410 };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: error.code, isFinal: error.kind === 'input' };
  }
}

async function readFacts(deps: SendDeps, claimed: ClaimedNews): Promise<NewsFacts | undefined> {
  const { incidentTenantId, incidentId, event } = claimed;
  const found = await inScope(deps.db, incidentTenantId, async (tx) => {
    const incident = await findIncident(tx, incidentId);
    return incident && { incident, alerts: await listAlerts(tx, incidentId) };
  });
  if (found === undefined) return undefined;
  const { incident, alerts } = found;
  const ofHub = isOfHub({ tenantId: incidentTenantId });
  const school = ofHub ? undefined : await findTenant(deps.db.directory, incidentTenantId);
  const { severity, cause, partner, firstFailedAt, openedAt, resolvedAt } = incident;
  return {
    ...{ event, incidentId, severity, cause, partner, school: school?.slug ?? null },
    kinds: [...new Set(alerts.flatMap(({ kind }) => kind ?? []))],
    rules: [...new Set(alerts.map(({ rule }) => rule))],
    ...{ firstFailedAt, openedAt, resolvedAt: event === 'resolved' ? resolvedAt : null },
  };
}
