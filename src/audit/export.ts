import type { HubTx, TenantTx } from '../platform/db.ts';
import { listEvents, type RecordedEvent, readHead } from './store.ts';
import { exportFormat } from './verify-export.ts';

/**
 * A tenant's audit chain as lines of JSON (each ends with a line feed): first the head, then every event in order
 * with its values, or with `null` where they were erased. Hashes are base64.
 */
export async function* auditExport(tx: TenantTx | HubTx, pageSize = 1_000): AsyncGenerator<string> {
  const head = await readHead(tx);
  yield line({
    format: exportFormat,
    tenantId: tx.tenantId,
    sequence: head.sequence,
    hash: head.hash.toString('base64'),
  });
  let after = 0;
  while (after < head.sequence) {
    const page = await listEvents(tx, { after, limit: Math.min(pageSize, head.sequence - after) });
    for (const recorded of page) yield line(toLine(recorded));
    after = page.at(-1)?.event.sequence ?? head.sequence;
  }
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

function toLine({ event, values }: RecordedEvent): unknown {
  const { tenantId: _, ...facts } = event;
  return {
    ...facts,
    at: new Date(event.at).toISOString(),
    valueHash: event.valueHash.toString('base64'),
    previousHash: event.previousHash.toString('base64'),
    hash: event.hash.toString('base64'),
    values: values === undefined ? null : { ...values, salt: values.salt.toString('base64') },
  };
}
