import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { findPostmaster } from '../../src/platform/embedded-postgres/postmaster.ts';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { migrate } from '../../src/platform/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser address of the server the tests use. */
    databaseServerUrl: string;
    /** Name of the migrated database that test databases are copied from. */
    templateDatabase: string;
  }
}

const folderPrefix = path.join(tmpdir(), 'gatehouse-test-');

/**
 * Starts one throw-away PostgreSQL for the whole run (or uses the server at TEST_DATABASE_URL) and migrates the
 * template database once.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer(process.env.TEST_DATABASE_URL);
  const template = `gatehouse_template_${randomBytes(4).toString('hex')}`;
  await runStatement(server.url, `create database ${template}`);
  await migrate({ url: addressOf(server.url, template) });
  await runStatement(server.url, `alter database ${template} with is_template true allow_connections false`);
  project.provide('databaseServerUrl', server.url);
  project.provide('templateDatabase', template);
  return async () => {
    await runStatement(server.url, `alter database ${template} with is_template false`);
    await runStatement(server.url, `drop database ${template} with (force)`);
    await server.stop();
  };
}

async function startServer(url: string | undefined): Promise<{ url: string; stop(): Promise<void> }> {
  if (url) return { url, stop: async () => {} };
  await removeAbandoned();
  const folder = await mkdtemp(folderPrefix);
  await chmod(folder, 0o711); // as root, the server runs under another account
  const server = await startEmbeddedPostgres({ dataDir: path.join(folder, 'pg'), durable: false });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Removes what runs that were killed have left, unless they may still be starting. */
async function removeAbandoned(): Promise<void> {
  const quarter = 15 * 60_000;
  for (const name of await readdir(tmpdir())) {
    const folder = path.join(tmpdir(), name);
    if (!folder.startsWith(folderPrefix)) continue;
    const age = Date.now() - (await stat(folder)).mtimeMs;
    const server = await findPostmaster(path.join(folder, 'pg', 'cluster'));
    if (age < quarter || server?.attended) continue;
    if (server) process.kill(server.pid, 'SIGQUIT');
    await rm(folder, { recursive: true, force: true });
  }
}

async function runStatement(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function addressOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
