import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { explainConnectFailure } from './database-unavailable.ts';
import { DomainError } from './errors.ts';

export interface MigrateOptions {
  /** A login that may create roles and objects: a superuser, or an owner with CREATEROLE and BYPASSRLS. */
  url: string;
  folder?: URL;
  onApplied?(name: string): void;
  /** What a migration tells of rows that it could not leave as they were. */
  onNotice?(text: string): void;
}

interface Migration {
  name: string;
  text: string;
  checksum: string;
}

const lockKey = 4_017_200;

/**
 * Applies the migrations that are missing, in order, each in its own transaction, under an advisory lock so
 * that copies starting together do not race. Forward only.
 *
 * @returns the names of the migrations applied now
 * @throws DomainError `migration_changed` when an applied file was edited, `migration_unknown` when the
 *   database is newer than this program, `migration_failed` with the cause, `database_unavailable`
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const files = await readMigrations(options.folder);
  const client = new pg.Client({ connectionString: options.url, application_name: 'gatehouse migrate' });
  client.on('notice', ({ code, message }) => {
    // PostgreSQL, appendix A: successful_completion is what RAISE NOTICE has; the server's own, as of what exists, have others.
    if (code === '00000' && message !== undefined) options.onNotice?.(message);
  });
  await client.connect().catch((cause: unknown) => {
    throw explainConnectFailure(cause);
  });
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await client.query(`create table if not exists schema_migration (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
    const applied = await readApplied(client);
    refuseDrift(files, applied);
    const missing = files.filter((file) => !applied.has(file.name));
    for (const file of missing) {
      await apply(client, file);
      options.onApplied?.(file.name);
    }
    return missing.map((file) => file.name);
  } finally {
    await client.end();
  }
}

/** Whether every migration of this program is applied: what /readyz asks. */
export async function pendingMigrations(client: pg.ClientBase, folder?: URL): Promise<string[]> {
  const [files, applied] = await Promise.all([readMigrations(folder), readApplied(client)]);
  return files.filter((file) => !applied.has(file.name)).map((file) => file.name);
}

/** The migration files in order. */
export async function readMigrations(
  folder = new URL('../../migrations/', import.meta.url),
): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

async function readApplied(client: pg.ClientBase): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migration',
  );
  return new Map(rows.map((row) => [row.name, row.checksum]));
}

function refuseDrift(files: Migration[], applied: Map<string, string>): void {
  for (const [name, checksum] of applied) {
    const file = files.find((candidate) => candidate.name === name);
    if (file === undefined) {
      throw new DomainError(
        'conflict',
        'migration_unknown',
        `The database has migration ${name}, which this version does not know. Run a version at least as new.`,
      );
    }
    if (file.checksum !== checksum) {
      throw new DomainError(
        'conflict',
        'migration_changed',
        `Migration ${name} was edited after it was applied. Restore the file and add a new migration instead.`,
      );
    }
  }
}

/** The first file makes the roles; all later ones run as the owner of the tables. */
const makesRoles = ({ name }: Migration) => name.startsWith('0001_');

/**
 * SQLSTATEs (PostgreSQL, appendix A) by which migrations of several databases on one server stop each other: roles
 * belong to the server, and the advisory lock to one database. XX000 is what "tuple concurrently updated" comes with.
 */
const metAtRoles = ['XX000', '23505', '42710'];
const mostTries = 10;

async function apply(client: pg.Client, file: Migration): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await applyOnce(client, file);
    } catch (cause) {
      const code = cause instanceof pg.DatabaseError ? cause.code : undefined;
      const again = makesRoles(file) && metAtRoles.includes(code ?? '') && tries < mostTries;
      if (!again) throw explainFailure(file, code, cause);
      await wait(Math.random() * 100 * tries);
    }
  }
}

async function applyOnce(client: pg.Client, file: Migration): Promise<void> {
  try {
    await client.query('begin');
    if (!makesRoles(file)) await client.query('set local role gatehouse_migrator');
    await client.query(file.text);
    await client.query('reset role');
    await client.query('insert into schema_migration (name, checksum) values ($1, $2)', [
      file.name,
      file.checksum,
    ]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => undefined);
    throw cause;
  }
}

function explainFailure({ name }: Migration, code: string | undefined, cause: unknown): DomainError {
  // PostgreSQL, appendix A: insufficient_privilege.
  const next =
    code === '42501'
      ? 'The login in DATABASE_URL may not do it: see "Database" in docs/operations.md for the rights it needs.'
      : 'The database’s log says why.';
  const message = `Migration ${name} failed (${code ?? 'unknown error'}); nothing of it was kept. ${next}`;
  return new DomainError('internal', 'migration_failed', message, { cause });
}
