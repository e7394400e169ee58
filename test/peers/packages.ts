import { execFile } from 'node:child_process';
import { access, chmod, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const installMs = 280_000;

/** A peer's programs, as Debian packages them. */
export interface PeerPackages {
  readonly packages: readonly string[];
  /** Files that are there when the packages are. */
  readonly files: readonly string[];
}

/**
 * Installs a peer where it is missing and may be installed: as root on Debian or Ubuntu.
 *
 * @returns why the peer cannot be had here, or undefined when it is there
 */
export async function installPeer({ packages, files }: PeerPackages): Promise<string | undefined> {
  if (await areThere(files)) return undefined;
  if (process.getuid?.() !== 0)
    return `${packages.join(', ')} are not installed, and only root could install them`;
  if (!(await areThere(['/usr/bin/apt-get'])))
    return `${packages.join(', ')} are not installed, and there is no apt-get`;
  try {
    await withoutServices(async () => {
      await apt('update');
      await apt('install', '-y', '--no-install-recommends', ...packages);
    });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    return `apt-get could not install ${packages.join(', ')}: ${stderr.trim().split('\n').at(-1) ?? ''}`;
  }
  return (await areThere(files)) ? undefined : `${packages.join(', ')} hold other files than expected`;
}

async function apt(...args: string[]): Promise<void> {
  // Another run may be installing its own.
  await run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    timeout: installMs,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 16 * 1024 * 1024,
  });
}

/** Debian starts what it installs; the peers are started by their tests alone (policy-rc.d of invoke-rc.d). */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  const policy = '/usr/sbin/policy-rc.d';
  if (await areThere([policy])) return work();
  await writeFile(policy, '#!/bin/sh\nexit 101\n');
  await chmod(policy, 0o755);
  try {
    await work();
  } finally {
    await rm(policy, { force: true });
  }
}

async function areThere(files: readonly string[]): Promise<boolean> {
  const found = await Promise.allSettled(files.map((file) => access(file)));
  return found.every(({ status }) => status === 'fulfilled');
}
