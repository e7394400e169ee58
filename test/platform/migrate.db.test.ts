import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { migrate, readMigrations } from '../../src/platform/migrate.ts';
import { createTestDatabase } from '../support/database.ts';
import { makeTestFolder } from '../support/test-folder.ts';

const { url, superuser } = await createTestDatabase();
const migrations = new URL('../../migrations/', import.meta.url);

/** The program's migrations in a folder where they may be changed. */
async function copyMigrations(): Promise<URL> {
  const folder = pathToFileURL(`${await makeTestFolder()}/`);
  for (const name of await readdir(migrations))
    await copyFile(new URL(name, migrations), new URL(name, folder));
  return folder;
}

/** A server of its own, since roles belong to the whole server, with roles that somebody made by hand. */
async function startServer() {
  const dataDir = path.join(await makeTestFolder(), 'pg');
  const server = await startEmbeddedPostgres({ dataDir, durable: false });
  onTestFinished(() => server.stop());
  const connect = async () => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  };
  const client = await connect();
  await client.query('create role gatehouse_migrator; create role gatehouse_backup');
  const addDatabase = async (name: string) => {
    await client.query(`create database ${name}`);
    return Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
  };
  return { connect, addDatabase };
}

test('a migration that meets another one at the roles of the server tries again', async () => {
  const { connect, addDatabase } = await startServer();
  const address = await addDatabase('a');
  const [other, watcher] = [await connect(), await connect()];
  await other.query('begin; alter role gatehouse_migrator bypassrls');
  const migrating = migrate({ url: address });
  const waiting = "select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock'";
  await expect.poll(async () => (await watcher.query(waiting)).rows[0].count, { timeout: 5_000 }).toBe(1);
  await other.query('commit');
  expect((await migrating)[0]).toBe('0001_roles.sql');
});

test('databases of one server are migrated at once, each by one of the copies that start on it', async () => {
  const { addDatabase } = await startServer();
  const addresses: string[] = [];
  for (const name of ['a', 'b', 'c', 'd']) addresses.push(await addDatabase(name));
  const applied = await Promise.all([...addresses, ...addresses].map((address) => migrate({ url: address })));
  const all = (await readMigrations()).length;
  expect(applied.map(({ length }) => length).sort()).toEqual([0, 0, 0, 0, all, all, all, all]);
});

test('a migration that fails leaves nothing of itself and stops those after it', async () => {
  const folder = await copyMigrations();
  await writeFile(new URL('9998_broken.sql', folder), 'create table half_done (); select 1 / 0;');
  await writeFile(new URL('9999_after.sql', folder), 'create table after_broken ();');
  await expect(migrate({ url, folder })).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringContaining('9998_broken.sql failed (22012)'),
  });
  const { rows } = await superuser.query(
    "select to_regclass('half_done') as a, to_regclass('after_broken') as b",
  );
  expect(rows).toEqual([{ a: null, b: null }]);
});

test('a migration that was edited after it was applied, or that is gone, is refused', async () => {
  const edited = await copyMigrations();
  await writeFile(new URL('0003_tools_and_connections.sql', edited), '-- nothing');
  await expect(migrate({ url, folder: edited })).rejects.toMatchObject({ code: 'migration_changed' });
  const older = await copyMigrations();
  await rm(new URL('0007_maintenance.sql', older));
  await expect(migrate({ url, folder: older })).rejects.toMatchObject({ code: 'migration_unknown' });
});

test('a back-fill reaches the rows of every tenant', async () => {
  for (const slug of ['first', 'second']) {
    await superuser.query(
      "insert into tenant (tenant_id, slug, name, created_at) values (gen_random_uuid(), $1, 'old', now())",
      [slug],
    );
  }
  const folder = await copyMigrations();
  await writeFile(new URL('9999_backfill.sql', folder), "update tenant set name = 'new' where name = 'old'");
  expect(await migrate({ url, folder })).toEqual(['9999_backfill.sql']);
  const { rows } = await superuser.query('select distinct name from tenant');
  expect(rows).toEqual([{ name: 'new' }]);
});
