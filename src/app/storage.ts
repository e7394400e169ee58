import path from 'node:path';
import pg from 'pg';
import type { Config } from '../config.ts';
import { explainConnectFailure } from '../platform/database-unavailable.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../platform/embedded-postgres.ts';
import { DomainError } from '../platform/errors.ts';
import { pendingMigrations } from '../platform/migrate.ts';
import { type KeyEncryptionKeys, parseKeyEncryptionKeys } from '../platform/secrets/key-encryption-keys.ts';
import { loadOrCreateKeyFile, readKeyFile } from '../platform/secrets/key-file.ts';

/** Where the hub's data is. */
export interface Storage {
  /** For queries; may go through a pooler. */
  url: string;
  /** Straight to the database: listening and migrating. */
  directUrl: string;
  /** The folder, where the database is the hub's own. */
  folder: string | undefined;
  /** Another living program started the database, and stops it. Default false. */
  isShared?: boolean;
  stop(): Promise<void>;
}

/**
 * The database that is configured, or the embedded one in the data folder, started.
 *
 * @throws DomainError `embedded_postgres_…`
 */
export async function openStorage(config: Config, onLost: (error: DomainError) => void): Promise<Storage> {
  const given = config.databaseUrl?.reveal();
  if (given !== undefined) {
    const directUrl = config.databaseDirectUrl?.reveal() ?? given;
    return { url: given, directUrl, folder: undefined, stop: async () => undefined };
  }
  const folder = path.join(config.dataDir, 'postgres');
  const { url, owned, stop }: EmbeddedPostgres = await startEmbeddedPostgres({
    dataDir: folder,
    onUnexpectedExit: onLost,
  });
  return { url, directUrl: url, folder, isShared: !owned, stop };
}

/**
 * The key-encryption keys that are configured; without any, a file of the hub's own is made at the first start.
 *
 * @throws DomainError `key_encryption_keys_invalid`, `key_file_unreadable`, `key_file_exposed`
 */
export async function openKeyEncryptionKeys(config: Config): Promise<KeyEncryptionKeys> {
  const source = config.keyEncryptionKey;
  if (source.from === 'value') return parseKeyEncryptionKeys(source.value.reveal());
  return source.createIfMissing ? loadOrCreateKeyFile(source.file) : readKeyFile(source.file);
}

/**
 * Refuses a database that lacks a migration of this version. One that is newer is fine: migrations are safe for the
 * version before.
 *
 * @throws DomainError `migrations_pending`, `database_unavailable`
 */
export async function refusePendingMigrations({ directUrl }: Storage): Promise<void> {
  const client = new pg.Client({ connectionString: directUrl, connectionTimeoutMillis: 5_000 });
  let pending: string[];
  try {
    await client.connect();
    const { rows } = await client.query("select to_regclass('schema_migration') is not null as known");
    pending = rows[0]?.known === true ? await pendingMigrations(client) : ['all'];
  } catch (cause) {
    throw explainConnectFailure(cause);
  } finally {
    await client.end().catch(() => undefined);
  }
  if (pending.length === 0) return;
  throw new DomainError(
    'conflict',
    'migrations_pending',
    'The database is not up to date with this version. Run "npm run hub -- migrate" first.',
    { details: { pending } },
  );
}
