import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { type Database, openDatabase } from '../../src/platform/db.ts';

/** A migrated database of its own, gone when the test file is done. */
export interface TestDatabase {
  /** Address for a superuser: what `migrate` and `openDatabase` take. */
  url: string;
  /** The tenant-scoped handle the program uses. */
  database: Database;
  /** A superuser's connection, which row-level security does not bind: for arranging and inspecting. */
  superuser: pg.Client;
}

/**
 * Copies the migrated template database. Call it at the top level of a test file, with await; everything is closed
 * and dropped after the file's tests.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = new pg.Client({ connectionString: inject('databaseServerUrl') });
  await server.connect();
  const name = `gatehouse_test_${randomBytes(6).toString('hex')}`;
  await server.query(`create database ${name} template ${inject('templateDatabase')} strategy file_copy`);

  const url = new URL(inject('databaseServerUrl'));
  url.pathname = `/${name}`;
  const superuser = new pg.Client({ connectionString: url.href });
  await superuser.connect();
  const database = await openDatabase({
    url: url.href,
    applicationName: 'gatehouse test',
    connections: 6,
    statementTimeoutMs: 10_000,
    onError: (error) => {
      throw error;
    },
  });
  afterAll(async () => {
    await database.close();
    await superuser.end();
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  });
  return { url: url.href, database, superuser };
}
