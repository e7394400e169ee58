import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { inject } from 'vitest';
import { buildConsole } from '../../scripts/build-console.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cache = path.join(root, 'node_modules/.cache/gatehouse');
/** All that a built console depends on: its own sources, what they import, how they are built, and with which packages. */
const sources = ['src/console', 'contracts', 'scripts/build-console.ts', 'package-lock.json'];
const day = 24 * 3600_000;
/** Of the advisory locks of the server that a run's workers share. */
const lockKey = 4_017_300;

/**
 * The console built from these sources, which takes six seconds of a processor: once, however many files and runs want it.
 *
 * @returns the folder. Only to be read: others use it too
 */
export async function findBuiltConsole(): Promise<string> {
  for (;;) {
    const before = await fingerprint();
    const folder = path.join(cache, `console-${before}`);
    if (await isThere(folder)) return folder;
    await inTurn(async () => {
      if (!(await isThere(folder))) await buildAt(folder, before);
    });
  }
}

/** Builds aside and renames into place, if nobody has changed the sources meanwhile. */
async function buildAt(folder: string, before: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  await removeOld();
  const partial = await mkdtemp(path.join(cache, 'console-partial-'));
  try {
    await buildConsole(partial);
    if ((await fingerprint()) !== before) return;
    await rename(partial, folder).catch(async (error: unknown) => {
      // Another run, whose server is another, may have been quicker.
      if (!(await isThere(folder))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** One worker at a time. The lock goes with its connection, whatever becomes of the worker. */
async function inTurn(work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: inject('databaseServerUrl') });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await work();
  } finally {
    await client.end();
  }
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(cache)) {
    const folder = path.join(cache, name);
    const used = (await stat(folder).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (name.startsWith('console-') && Date.now() - used > day)
      await rm(folder, { recursive: true, force: true });
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of (await filesOf(source)).sort()) {
      hash.update(`${file}\n`).update(
        createHash('sha256')
          .update(await readFile(path.join(root, file)))
          .digest(),
      );
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesOf(source: string): Promise<string[]> {
  if (!(await stat(path.join(root, source))).isDirectory()) return [source];
  const entries = await readdir(path.join(root, source), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

/** Whether it is there; and that it was wanted, for what removes those that nobody wants any more. */
async function isThere(folder: string): Promise<boolean> {
  const now = new Date();
  return utimes(folder, now, now).then(
    () => true,
    () => false,
  );
}
