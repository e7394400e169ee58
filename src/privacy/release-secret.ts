import { randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';
import { getStoredSecret, insertStoredSecret } from './release-secret-store.ts';

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
    await insertStoredSecret(tx, name, await secrets.seal(tx, place, randomBytes(32)), clock.now());
    return secrets.open(tx, place, await getStoredSecret(tx, name));
  });
}
