import { openAppDatabase, userAgentOf } from '../app/platform.ts';
import { openKeyEncryptionKeys, openStorage, refusePendingMigrations } from '../app/storage.ts';
import { migrateAll } from '../app.ts';
import type { CliHub } from '../cli/command.ts';
import type { Config } from '../config.ts';
import { listTerms } from '../health/calendars/terms.ts';
import { createSigner } from '../lti/keys/signer.ts';
import { createLmsServices } from '../lti/lms/lms.ts';
import { systemClock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { type Log, openLog } from '../platform/log.ts';
import { createOutbound, type Outbound } from '../platform/outbound/fetch.ts';
import { createSecrets } from '../platform/secrets/secrets.ts';
import { createProtocols, type Protocols } from '../sso/protocols.ts';
import { openCliSync } from './cli-sync.ts';

/** Commands speak through their answer alone. */
const openSilentLog = (): Log => openLog({ level: 'silent' });

/**
 * Opens what a command works on: the configured database, or the embedded one, which is shared with a hub that runs.
 *
 * @throws DomainError `migrations_pending`, `database_unavailable`, `embedded_postgres_…`
 */
export async function openCliHub(config: Config): Promise<CliHub> {
  const storage = await openStorage(config, () => undefined);
  let db: Database;
  try {
    await refusePendingMigrations(storage);
    db = await openAppDatabase({ config, storage, log: openSilentLog() }, 2);
  } catch (error) {
    await storage.stop();
    throw error;
  }
  const keyEncryptionKeys = () => openKeyEncryptionKeys(config);
  const openSecrets = async () => createSecrets({ kek: await keyEncryptionKeys(), clock: systemClock });
  let outbound: Outbound | undefined;
  const openOutbound = () => {
    outbound ??= createOutbound({ allowLoopback: config.allowLoopback, userAgent: userAgentOf(config) });
    return outbound;
  };
  let protocols: Protocols | undefined;
  let sync: Awaited<ReturnType<typeof openCliSync>> | undefined;
  return {
    db,
    baseUrl: config.baseUrl,
    allowLoopback: config.allowLoopback,
    secrets: openSecrets,
    keyEncryptionKeys,
    gradeDestination: async () => {
      const secrets = await openSecrets();
      const signer = createSigner({ db, secrets, clock: systemClock });
      const options = {
        db,
        secrets,
        signer,
        fetch: openOutbound(),
        clock: systemClock,
        onError: () => undefined,
      };
      return createLmsServices(options).destination;
    },
    sync: async () => {
      sync ??= await openCliSync(
        { config, storage, log: openSilentLog(), clock: systemClock },
        { db, secrets: await openSecrets(), fetch: openOutbound() },
      );
      return sync.services;
    },
    sso: async () => {
      const { allowLoopback, baseUrl, directoryNetworks } = config;
      const parts = { db, clock: systemClock, log: openSilentLog(), fetch: openOutbound() };
      protocols ??= createProtocols({ ...parts, allowLoopback, directoryNetworks });
      return {
        ...parts,
        secrets: await openSecrets(),
        baseUrl,
        termsOf: (tenantId) => listTerms(db.tenant(tenantId)),
        protocols: protocols.terms,
      };
    },
    close: async () => {
      await protocols?.close();
      await sync?.close();
      await outbound?.close();
      await db.close();
      await storage.stop();
    },
  };
}

/** Brings the database up to date. @returns the names of the migrations applied now */
export async function migrateForCommand(config: Config): Promise<string[]> {
  const storage = await openStorage(config, () => undefined);
  try {
    return await migrateAll({ config, storage, log: openSilentLog() });
  } finally {
    await storage.stop();
  }
}
