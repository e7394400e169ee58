import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';
import { sql } from '../platform/sql/sql.ts';

const name = 'release_hash';
const place = { table: 'stored_secret', row: name, column: 'sealed' };

/**
 * The hub's secret from which the release keys of all tenants and tools are derived. It is made once, by whichever copy
 * starts first, and stays, so that a hashed value is recognised again.
 *
 * @throws DomainError `secret_unreadable` when it was sealed under another key-encryption key
 */
export function loadReleaseSecret(db: Database, secrets: Secrets, clock: Clock): Promise<Buffer> {
  return db.withHub(async (tx) => {
    const sealed = await secrets.seal(tx, place, randomBytes(32));
    await tx.exec(sql`
      insert into stored_secret (tenant_id, name, sealed, created_at)
      values (${tx.tenantId}, ${name}, ${sealed}, ${new Date(clock.now())})
      on conflict (tenant_id, name) do nothing`);
    const stored = await tx.one(
      sql`select sealed from stored_secret where tenant_id = ${tx.tenantId} and name = ${name}`,
      z.object({ sealed: z.instanceof(Buffer) }),
    );
    return secrets.open(tx, place, stored.sealed);
  });
}
