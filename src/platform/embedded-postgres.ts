import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findBinaries } from './embedded-postgres/binaries.ts';
import { ensureCluster, superuser } from './embedded-postgres/cluster.ts';
import { prepareDataFolder } from './embedded-postgres/folder.ts';
import { findPostmaster, type Postmaster } from './embedded-postgres/postmaster.ts';
import {
  choosePort,
  findSharedServer,
  isAlive,
  launchServer,
  type Settings,
  stopServer,
} from './embedded-postgres/server.ts';
import { makeSocketFolder } from './embedded-postgres/socket.ts';
import { DomainError } from './errors.ts';

export interface EmbeddedPostgresOptions {
  /** Folder for everything that belongs to this database; created when missing. */
  dataDir: string;
  /** Port to prefer; a free one is taken, and remembered in the folder, when something else listens there. */
  port?: number;
  /** False gives up crash safety for speed, for throw-away databases of tests. Default true. */
  durable?: boolean;
  /** Told when the server ends without being asked to. */
  onUnexpectedExit?: (error: DomainError) => void;
}

/** A running database. */
export interface EmbeddedPostgres {
  /** Connection address of the superuser. It holds the password: never log it. */
  url: string;
  /** False when another program had started this database already: then `stop` leaves it running. */
  owned: boolean;
  /** Ends the server after writing everything to disk. Close connections first; what is left is cut off. */
  stop(): Promise<void>;
}

const throwAwaySettings: Settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
};

/**
 * Starts the PostgreSQL that comes with the optional package embedded-postgres, on 127.0.0.1 and a private Unix socket
 * only, keeping its data between starts. A server left behind by a program that was killed is stopped first; a server which
 * another living program started in the same folder is shared.
 *
 * @throws DomainError with a code starting `embedded_postgres_` and a message saying what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { durable = true } = options;
  const folder = await prepareDataFolder(options.dataDir);
  const binaries = await findBinaries(folder.account, path.join(folder.dataDir, 'binaries'));
  const password = await ensureCluster(folder, binaries.initdb, durable);

  const shared = await findSharedServer(folder.clusterDir);
  if (shared !== undefined) return { url: addressOf(password, shared), owned: false, stop: async () => {} };
  const orphan = await findPostmaster(folder.clusterDir);
  if (orphan) {
    await stopServer(orphan.pid, async () => (await findPostmaster(folder.clusterDir)) !== undefined);
  }

  const portFile = path.join(folder.dataDir, 'port');
  const remembered = Number(await readFile(portFile, 'utf8').catch(() => options.port ?? 0));
  const port = await choosePort(remembered);
  await writeFile(portFile, String(port));
  const socketFolder = await makeSocketFolder(folder);
  const settings = {
    port: String(port),
    unix_socket_directories: socketFolder ?? '',
    ...(durable ? {} : throwAwaySettings),
  };
  const server = await launchServer(folder, binaries.postgres, settings);
  return {
    url: addressOf(password, { port, socketFolder }),
    owned: true,
    stop: attend(server, options.onUnexpectedExit),
  };
}

/** By the socket where there is one: `host` wins over the address before it (libpq, "Parameter Key Words"). */
function addressOf(
  password: string,
  { port, socketFolder }: Pick<Postmaster, 'port' | 'socketFolder'>,
): string {
  const address = new URL(`postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`);
  if (socketFolder !== undefined) address.searchParams.set('host', socketFolder);
  return address.href;
}

/** Watches the server until the returned function has stopped it. */
function attend(
  server: ChildProcess,
  onUnexpectedExit: EmbeddedPostgresOptions['onUnexpectedExit'],
): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const ended = once(server, 'exit');
  // An uncaught error ends this program without a graceful stop; the server must not outlive it.
  const endWithProgram = () => server.kill('SIGINT');
  process.once('exit', endWithProgram);
  void ended.then(([code, signal]) => {
    process.off('exit', endWithProgram);
    if (stopping) return;
    onUnexpectedExit?.(
      new DomainError('internal', 'embedded_postgres_ended', 'The embedded database ended by itself.', {
        details: { code, signal },
      }),
    );
  });
  return () => {
    const { pid } = server;
    stopping ??= pid === undefined ? Promise.resolve() : stopServer(pid, async () => isAlive(server));
    return stopping;
  };
}
