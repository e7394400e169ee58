import { randomBytes, randomUUID } from 'node:crypto';
import type { TenantId } from '../../../contracts/ids.ts';
import type { Outcome, outcomeMeanings } from '../../health/outcomes.ts';
import { DomainError } from '../../platform/errors.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import type { EnabledTool } from '../../tools/tool.ts';
import { claim } from '../claims.ts';
import type { LtiServices } from '../services.ts';
import { type ClaimedNotice, claimNotice, listDueNotices, settleNotice } from './notice-store.ts';
import { planRetry } from './retry.ts';

export type RelayServices = Pick<
  LtiServices,
  'db' | 'clock' | 'signer' | 'directory' | 'baseUrl' | 'recordCall'
> & {
  fetch: OutboundFetch;
  onFault(event: 'notice_not_sent', error: unknown): void;
};

/** A copy that dies leaves its notices to the others after so long. */
const claimMs = 5 * 60_000;
const most = 100;
/** The hub has one source of chance, though this one guards nothing. */
const random = () => randomBytes(4).readUInt32BE() / 2 ** 32;

/** Sends tools the notices that are due. One tool that fails stops no other. */
export async function relayNotices(services: RelayServices, signal: AbortSignal): Promise<void> {
  for (;;) {
    const due = await services.db.withRollup((tx) =>
      listDueNotices(tx, new Date(services.clock.now()), most),
    );
    for (const { tenantId, noticeId } of due) {
      if (signal.aborted) return;
      await relayOne(services, tenantId, noticeId, signal).catch((error: unknown) =>
        services.onFault('notice_not_sent', error),
      );
    }
    if (due.length < most) return;
  }
}

async function relayOne(
  services: RelayServices,
  tenantId: TenantId,
  noticeId: string,
  signal: AbortSignal,
): Promise<void> {
  const { db, clock } = services;
  const startedAt = clock.now();
  const lease = { now: new Date(startedAt), until: new Date(startedAt + claimMs) };
  const notice = await db.withTenant(tenantId, (tx) => claimNotice(tx, noticeId, lease));
  if (notice === undefined) return;
  const failure = await trySending(services, tenantId, noticeId, notice, signal);
  const now = new Date(clock.now());
  const plan = failure && planRetry(notice.tries, failure.isFinal, random());
  const end = {
    state:
      plan === undefined
        ? ('delivered' as const)
        : plan.kind === 'dead'
          ? ('dead' as const)
          : ('waiting' as const),
    dueAt: plan?.kind === 'again' ? new Date(now.getTime() + plan.afterMs) : null,
    failure: failure?.code ?? null,
    now,
  };
  await db.withTenant(tenantId, (tx) => settleNotice(tx, noticeId, end));
  const outcome = failure?.outcome ?? 'success';
  services.recordCall({
    ...{
      kind: 'webhook',
      outcome,
      reason: failure?.code ?? null,
      tenantId,
      toolId: notice.toolId,
      startedAt,
    },
  });
}

interface Failure {
  code: string;
  outcome: Outcome & keyof typeof outcomeMeanings;
  isFinal: boolean;
}

/** @returns undefined once the tool has taken it */
async function trySending(
  services: RelayServices,
  tenantId: TenantId,
  noticeId: string,
  notice: ClaimedNotice,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const { tools } = await services.directory.setup(tenantId);
  const enabled = tools.find(({ tool }) => tool.toolId === notice.toolId);
  if (notice.handlerUrl === null || enabled === undefined)
    return { code: 'handler_gone', outcome: 'suppressed', isFinal: true };
  const jwt = await services.signer.sign(noticeClaims(services, enabled, noticeId, notice));
  try {
    const { status } = await services.fetch({
      ...{ url: notice.handlerUrl, method: 'POST', timeoutMs: 10_000, maxBytes: 64 * 1024, signal },
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ notices: [{ jwt }] }),
    });
    if (status >= 200 && status < 300) return undefined;
    return { code: `status_${status}`, outcome: 'failed_partner', isFinal: status === 410 };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: error.code, outcome: 'failed_partner', isFinal: error.kind === 'input' };
  }
}

/** A notice for a tool (LTI Platform Notification Service 1.0 §4.2), signed now. */
function noticeClaims(
  { baseUrl, clock }: RelayServices,
  { tool, enablement }: EnabledTool,
  noticeId: string,
  { type, content, occurredAt }: ClaimedNotice,
): Record<string, unknown> {
  const seconds = Math.floor(clock.now() / 1000);
  return {
    iss: baseUrl,
    aud: tool.clientId,
    iat: seconds,
    exp: seconds + 300,
    nonce: randomUUID(),
    [claim.version]: '1.3.0',
    [claim.deploymentId]: enablement.deploymentId,
    // The same at every try, so that a tool knows one that it has had.
    [claim.notice]: { id: noticeId, timestamp: occurredAt.toISOString(), type },
    ...(content.contextId !== undefined && { [claim.context]: { id: content.contextId } }),
    ...(content.originContextIds && { [claim.originContexts]: content.originContextIds }),
  };
}
