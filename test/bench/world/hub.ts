import { randomBytes } from 'node:crypto';
import { openStorage } from '../../../src/app/storage.ts';
import { migrateAll } from '../../../src/app.ts';
import { type Config, readConfig } from '../../../src/config.ts';
import { choosePort } from '../../../src/platform/embedded-postgres/server.ts';
import { openLog } from '../../../src/platform/log.ts';

/** What the copies of the hub under measurement share. */
export interface BenchHub {
  /** The hub's address towards its partners; nothing listens there. */
  hubUrl: string;
  /** Environment of a copy's process, which listens on any free port. */
  environment: Record<string, string>;
  config: Config;
}

/** Settles the settings of the hub's copies and brings its database up to date. */
export async function prepareHub(databaseUrl: string): Promise<BenchHub> {
  const hubUrl = `http://hub.localhost:${await choosePort(0)}`;
  const environment = environmentOf(databaseUrl, hubUrl);
  const config = readConfig({ environment });
  const storage = await openStorage(config, () => undefined);
  await migrateAll({ config, storage, log: openLog({ level: 'silent' }) });
  return { hubUrl, environment, config };
}

/** What an operator sets for a copy behind a proxy on this machine; limits beyond what one address sends here. */
function environmentOf(databaseUrl: string, hubUrl: string): Record<string, string> {
  return {
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    GATEHOUSE_URL: hubUrl,
    GATEHOUSE_KEK: `bench:${randomBytes(32).toString('base64')}`,
    PORT: '0',
    ALLOW_LOOPBACK: 'true',
    LAUNCH_RATE_PER_SECOND: '1000000',
    LAUNCH_BURST: '1000000',
    SERVICE_RATE_PER_SECOND: '1000000',
    SERVICE_BURST: '1000000',
  };
}
