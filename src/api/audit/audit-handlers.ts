import type { z } from 'zod';
import type { listAudit, verifyAudit } from '../../../contracts/http/audit.ts';
import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import { type RecordedEvent, recordAudit, searchEvents } from '../../audit/audit.ts';
import { auditExport } from '../../audit/export.ts';
import { verifyExport } from '../../audit/verify-export.ts';
import type { Database, HubTx, TenantTx } from '../../platform/db.ts';
import { pageOf } from '../page.ts';
import type { Handlers } from '../router.ts';

type AuditEndpoint =
  | 'listAudit'
  | 'exportAudit'
  | 'verifyAudit'
  | 'listHubAudit'
  | 'exportHubAudit'
  | 'verifyHubAudit';
type Query = z.output<(typeof listAudit)['query']>;
type Verdict = z.input<(typeof verifyAudit)['reply']['schema']>;

/**
 * What is done for the endpoints about audit trails. What is written never changes, so a trail of any length is read in
 * short transactions, page by page up to where it ended at first.
 */
export function auditHandlers(db: Database): Pick<Handlers<typeof consoleEndpoints>, AuditEndpoint> {
  return {
    listAudit: ({ tenant, query }) => list(db.tenant(tenant.tenantId), query),
    exportAudit: async ({ tenant, by }) => {
      const subject = `tenant:${tenant.tenantId}`;
      await db.withTenant(tenant.tenantId, (tx) =>
        recordAudit(tx, { ...by, action: 'audit.exported', subject }),
      );
      return auditExport(db.tenant(tenant.tenantId));
    },
    verifyAudit: ({ tenant }) => verify(db.tenant(tenant.tenantId)),
    listHubAudit: ({ query }) => list(db.hub(), query),
    exportHubAudit: async ({ by }) => {
      await db.withHub((tx) => recordAudit(tx, { ...by, action: 'audit.exported', subject: 'hub' }));
      return auditExport(db.hub());
    },
    verifyHubAudit: () => verify(db.hub()),
  };
}

async function list(tx: TenantTx | HubTx, { limit, since, until, ...query }: Query) {
  const times = {
    since: since === undefined ? undefined : new Date(since),
    until: until === undefined ? undefined : new Date(until),
  };
  const found = await searchEvents(tx, { ...query, ...times }, limit + 1);
  const { rows, next } = pageOf(found, limit, ({ event }) => event.sequence);
  return { events: rows.map(show), next };
}

function show({ event, values }: RecordedEvent) {
  const { sequence, at, actor, action, subject } = event;
  return {
    ...{ sequence, actor, action, subject, at: new Date(at).toISOString() },
    values:
      values === undefined
        ? null
        : { reason: values.reason, before: values.before ?? null, after: values.after ?? null },
  };
}

async function verify(tx: TenantTx | HubTx): Promise<Verdict> {
  let lines = 0;
  async function* counted() {
    for await (const line of auditExport(tx)) {
      lines++;
      yield line;
    }
  }
  const verdict = await verifyExport(counted());
  // The first line is the head.
  const events = Math.max(0, lines - 1);
  if (!verdict.ok) {
    const problem = { sequence: Math.max(0, verdict.line - 1), code: verdict.problem };
    return { whole: false, events, erased: 0, head: null, problem };
  }
  const { head, erased } = verdict;
  return { whole: true, events, erased, head: head.hash.toString('base64'), problem: null };
}
