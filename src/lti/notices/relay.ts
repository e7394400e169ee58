import { randomBytes, randomUUID } from 'node:crypto';
import type { TenantId, ToolId } from '../../../contracts/ids.ts';
import { noticeScope } from '../../../contracts/scopes.ts';
import type { Outcome, outcomeMeanings } from '../../health/outcomes.ts';
import { DomainError } from '../../platform/errors.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import type { EnabledTool } from '../../tools/tool.ts';
import { claim } from '../claims.ts';
import { isToolAddress } from '../deep-linking/plan-items.ts';
import type { LtiServices } from '../services.ts';
import { workAbreast } from './abreast.ts';
import {
  type ClaimedNotice,
  claimNotice,
  listDueNotices,
  listTenantsWithDue,
  settleNotice,
} from './notice-store.ts';
import { noticeReasons } from './reasons.ts';
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
const mostTenants = 100;
const mostOfTool = 500;
/** Tools that are sent to at once. */
const abreast = 16;
/** What one tool may take of a run: one that lets everybody wait must not make the others wait, too. */
const toolMs = 30_000;
/** The hub has one source of chance, though this one guards nothing. */
const random = () => randomBytes(4).readUInt32BE() / 2 ** 32;

/** Sends tools the notices that are due. One tool that fails or takes its time stops no other. */
export async function relayNotices(services: RelayServices, signal: AbortSignal): Promise<void> {
  const { db, clock } = services;
  const now = new Date(clock.now());
  /** Milliseconds that each tool has taken. */
  const taken = new Map<ToolId, number>();
  for (let after: TenantId | undefined; ; ) {
    const page = { after, most: mostTenants };
    const tenants = await db.withRollup((tx) => listTenantsWithDue(tx, now, page));
    const due = [];
    for (const tenantId of tenants) {
      const found = await listDueNotices(db.tenant(tenantId), now, mostOfTool);
      due.push(...found.map((each) => ({ ...each, tenantId })));
    }
    await workAbreast(
      Map.groupBy(due, ({ toolId }) => toolId),
      abreast,
      async ([toolId, notices]) => {
        for (const { tenantId, noticeId } of notices) {
          const before = taken.get(toolId) ?? 0;
          if (signal.aborted || before >= toolMs) return;
          const startedAt = clock.now();
          await relayOne(services, tenantId, noticeId, signal).catch((error: unknown) =>
            services.onFault('notice_not_sent', error),
          );
          taken.set(toolId, before + clock.now() - startedAt);
        }
      },
    );
    after = tenants.at(-1);
    if (signal.aborted || tenants.length < mostTenants) return;
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
  const failure = await trySending(services, tenantId, noticeId, notice, signal).catch(
    (error: unknown): Failure => {
      services.onFault('notice_not_sent', error);
      return { code: 'internal', outcome: 'failed_hub', isFinal: false };
    },
  );
  // The hub broke off, and nothing is known of the tool: the notice is due again when its lease ends.
  if (failure !== undefined && signal.aborted) return;
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
  if (notice.handlerUrl === null || enabled === undefined || !mayHave(enabled, notice.handlerUrl))
    return { code: 'handler_gone', outcome: noticeReasons.handler_gone.outcome, isFinal: true };
  if ((await services.directory.tenantById(tenantId))?.status !== 'active')
    return { code: 'tenant_paused', outcome: noticeReasons.tenant_paused.outcome, isFinal: false };
  const jwt = await services.signer.sign(noticeClaims(services, enabled, noticeId, notice));
  try {
    const { status } = await services.fetch({
      ...{ url: notice.handlerUrl, method: 'POST', timeoutMs: 10_000, maxBytes: 64 * 1024, signal },
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ notices: [{ jwt }] }),
    });
    if (status >= 200 && status < 300) return undefined;
    const { outcome } = noticeReasons['(status_…)'];
    return { code: `status_${status}`, outcome, isFinal: status === 410 };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { outcome } = noticeReasons['(outbound_…)'];
    return { code: error.code, outcome, isFinal: error.kind === 'input' };
  }
}

/** What was so when the tool said where it wants notices has to be so still. */
function mayHave({ tool }: EnabledTool, handlerUrl: string): boolean {
  return tool.scopes.includes(noticeScope) && isToolAddress(handlerUrl, tool);
}

/** A notice for a tool (LTI Platform Notification Service 1.0), signed now. */
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
    ...(content.resourceLinkId !== undefined && { [claim.resourceLink]: { id: content.resourceLinkId } }),
    ...(content.originContextIds && { [claim.originContexts]: content.originContextIds }),
  };
}
