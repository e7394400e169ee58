import type { z } from 'zod';
import type { listAudit, verifyAudit } from '../../../contracts/http/audit.ts';
import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import { type RecordedEvent, recordAudit, searchEvents } from '../../audit/audit.ts';
import type { ChainHead } from '../../audit/chain.ts';
import { auditExport } from '../../audit/export.ts';
import { type PiecePlace, verifyPiece } from '../../audit/verify-piece.ts';
import type { Database, HubTx, TenantTx } from '../../platform/db.ts';
import { pageOf } from '../page.ts';
import { cursorInvalid, readPlace, writePlace } from '../place.ts';
import type { Handlers } from '../router.ts';

type AuditEndpoint =
  | 'listAudit'
  | 'exportAudit'
  | 'verifyAudit'
  | 'listHubAudit'
  | 'exportHubAudit'
  | 'verifyHubAudit';
type Query = z.output<(typeof listAudit)['query']>;
type Piece = z.output<(typeof verifyAudit)['query']>;
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
    verifyAudit: ({ tenant, query }) => verify(db.tenant(tenant.tenantId), query),
    listHubAudit: ({ query }) => list(db.hub(), query),
    exportHubAudit: async ({ by }) => {
      await db.withHub((tx) => recordAudit(tx, { ...by, action: 'audit.exported', subject: 'hub' }));
      return auditExport(db.hub());
    },
    verifyHubAudit: ({ query }) => verify(db.hub(), query),
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
        : {
            reason: values.reason,
            before: values.before ?? null,
            after: values.after ?? null,
            origin: values.origin ?? null,
          },
  };
}

/** One piece of the chain: what comes is bounded in time and memory, however long the chain is. */
async function verify(tx: TenantTx | HubTx, { after, limit }: Piece): Promise<Verdict> {
  const { place, problem, isLast, ...counts } = await verifyPiece(tx, readPiecePlace(after), limit);
  return {
    ...counts,
    whole: problem === undefined,
    head: problem === undefined && counts.total > 0 ? place.head.hash.toString('base64') : null,
    problem: problem === undefined ? null : { ...problem, missing: problem.missing ?? null },
    next: isLast ? null : writePlace({ key: writeHead(place.head), id: writeHead(place.announced) }),
  };
}

function writeHead({ sequence, hash }: ChainHead): string {
  return `${sequence} ${hash.toString('base64')}`;
}

/** @throws DomainError input `cursor_invalid` */
function readPiecePlace(after: string | undefined): PiecePlace | undefined {
  const place = readPlace(after);
  return place && { head: readHead(place.key), announced: readHead(place.id) };
}

function readHead(text: string): ChainHead {
  const [, sequence, hash = ''] = /^(\d{1,15}) ([\w+/]{43}=)$/.exec(text) ?? [];
  if (sequence === undefined) throw cursorInvalid();
  return { sequence: Number(sequence), hash: Buffer.from(hash, 'base64') };
}
