import path from 'node:path';
import { findPostmaster } from '../../src/platform/embedded-postgres/postmaster.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { answerParent } from '../bench/process/child.ts';

/** A PostgreSQL that waits for the disk, in the care of a process of its own: it ends when the tests do, however they do. */
let dataDir = '';
let database: EmbeddedPostgres | undefined;
let gone = Promise.withResolvers<void>();

async function open(folder: string): Promise<{ url: string }> {
  dataDir = folder;
  gone = Promise.withResolvers<void>();
  database = await startEmbeddedPostgres({ dataDir, onUnexpectedExit: () => gone.resolve() });
  return { url: database.url };
}

/** As `pg_ctl stop -m immediate` and a start: no checkpoint, every connection cut, recovery from the log. */
async function restart(): Promise<void> {
  const postmaster = await findPostmaster(path.join(dataDir, 'cluster'));
  if (postmaster === undefined) throw new Error('No database runs');
  process.kill(postmaster.pid, 'SIGQUIT');
  await gone.promise;
  await open(dataDir);
}

answerParent({ open, restart, close: () => database?.stop() });
