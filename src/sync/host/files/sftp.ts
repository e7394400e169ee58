import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import path from 'node:path';
import SftpClient from 'ssh2-sftp-client';
import type { FilePlace, OpenedFiles } from '../../../../contracts/connector.ts';
import type { Breakers } from '../../../health/breaker/breakers.ts';
import { passBreaker } from '../../../health/breaker/pass.ts';
import type { Lookup } from '../../../platform/outbound/connector.ts';
import { openGuardedSocket } from '../../../platform/outbound/socket.ts';
import { toConnectorError } from '../failure.ts';
import { decideFolder, type ListedFile } from './choose-files.ts';
import { isLitter, normaliseName } from './entry-names.ts';
import { missing, wrongSettings } from './failures.ts';
import type { FileLimits } from './limits.ts';
import { closeOnFailure, type HeldFile, offer, openOne } from './opened.ts';
import { createRemoteFile } from './readable-file.ts';
import { decideSftpEnd, type SftpTrace, toSftpFailure } from './sftp-failure.ts';
import { openTemporaryFile } from './temporary-file.ts';

export type SftpPlace = Extract<FilePlace, { kind: 'sftp' }>;

export interface SftpOptions {
  allowLoopback: boolean;
  lookup: Lookup | undefined;
  /** Leaves a server alone that is down; undefined: every one is asked. */
  breakers: Breakers | undefined;
  limits: FileLimits;
  /** The files are only looked into: they are read where they lie. */
  isProbe: boolean;
  signal: AbortSignal;
}

const connectMs = 20_000;
/** For everything: a district's package over a slow line. */
const wholeMs = 60 * 60_000;

/**
 * Fetches what lies at a path of an SFTP server, and leaves the server before anything is read: reading waits for the
 * database, which no server likes. To be looked into only, files are read where they lie.
 *
 * @throws ConnectorError; the signal's reason when the run is stopped
 */
export async function openSftp(place: SftpPlace, options: SftpOptions): Promise<OpenedFiles> {
  const keys = readPinnedKeys(place.hostKey);
  if (options.isProbe) return lookInto(place, keys, options);
  const { limits } = options;
  const file = await openTemporaryFile(limits.download);
  const close = () => file.close();
  return closeOnFailure(close, async () => {
    const found = await withClient(place, keys, options, (client) =>
      findFiles(client, place.path, limits, async ({ path: remote, name }) => {
        const stretch = await file.append(readRemote(client, remote));
        return { handle: file.handle, name, ...stretch };
      }),
    );
    return offerFound(found, limits, close);
  });
}

/** Stays with the server until the files are closed. */
async function lookInto(
  place: SftpPlace,
  keys: readonly string[],
  options: SftpOptions,
): Promise<OpenedFiles> {
  const { limits } = options;
  const left = Promise.withResolvers<void>();
  const found = Promise.withResolvers<Found>();
  const visit = withClient(place, keys, options, async (client) => {
    const hold = async ({ path: remote, name, bytes }: RemoteFile) => {
      const handle = createRemoteFile(bytes, (start, most) =>
        Promise.race([readPart(client, remote, start, most), gone]),
      );
      return { handle, name, start: 0, bytes };
    };
    found.resolve(await findFiles(client, place.path, limits, hold));
    await left.promise;
  });
  // A connection that is gone says nothing to whoever reads.
  const gone = visit.then((): never => {
    throw missing('file_missing', 'The connection to the server was closed before the file was read.');
  });
  gone.catch(() => undefined);
  visit.catch(found.reject);
  const close = async () => {
    left.resolve();
    await visit.catch(() => undefined);
  };
  return closeOnFailure(close, async () => offerFound(await found.promise, limits, close));
}

async function offerFound(
  { files, isOne, modifiedAt, passedOver }: Found,
  limits: FileLimits,
  close: () => Promise<void>,
): Promise<OpenedFiles> {
  const [only] = files;
  return isOne && only !== undefined
    ? { ...(await openOne(only, { modifiedAt, limits, close })), passedOver }
    : offer(files, { modifiedAt, findings: [], close });
}

/** SHA-256 in base64 without its padding, as `ssh-keygen -l` prints it; several where a server has several keys. */
function readPinnedKeys(text: string): string[] {
  const keys = text
    .split(/[\s,]+/)
    .map((key) => key.replace(/^SHA256:/i, '').replace(/=+$/, ''))
    .filter((key) => key !== '');
  if (keys.length === 0 || !keys.every((key) => /^[A-Za-z0-9+/]{43}$/.test(key))) {
    throw wrongSettings(
      'sftp_host_key_invalid',
      'The key of the server has to be given as "SHA256:" and 43 characters, as ssh-keygen -l prints it.',
    );
  }
  return keys;
}

async function withClient<Result>(
  place: SftpPlace,
  keys: readonly string[],
  options: SftpOptions,
  use: (client: SftpClient) => Promise<Result>,
): Promise<Result> {
  const { signal, breakers } = options;
  const trace: SftpTrace = { strangeKey: undefined, level: undefined, hasAnswered: false };
  // Without these the client prints to the console.
  const client = new SftpClient('gatehouse', { error: () => {}, end: () => {}, close: () => {} });
  client.on('error', (error: { level?: string }) => {
    trace.level ??= error.level ?? 'unknown';
  });
  const stop = AbortSignal.any([signal, AbortSignal.timeout(wholeMs)]);
  let socket: Socket | undefined;
  const enter = async () => {
    socket = await openGuardedSocket(place.host, place.port, options);
    if (stop.aborted) socket.destroy();
    stop.throwIfAborted();
    await client.connect({
      sock: socket,
      username: place.username,
      ...(place.password !== undefined && { password: place.password }),
      ...(place.privateKey !== undefined && { privateKey: place.privateKey }),
      readyTimeout: connectMs,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      hostVerifier: (key: Buffer) => {
        trace.hasAnswered = true;
        const shown = createHash('sha256').update(key).digest('base64').replace(/=+$/, '');
        if (keys.includes(shown)) return true;
        trace.strangeKey = shown;
        return false;
      },
    });
    return undefined;
  };
  const work = async () => {
    // A server that lets somebody in is up, however the files are read.
    if (breakers === undefined) await enter();
    else {
      const host = `${place.host}:${place.port}`;
      await passBreaker(breakers, host, enter, (end) => decideSftpEnd(end, trace, stop.aborted));
    }
    return use(client);
  };
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const abort = () => reject(stop.reason);
  stop.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work(), stopped]);
  } catch (error) {
    signal.throwIfAborted();
    if (stop.aborted) trace.level = 'client-timeout';
    throw toSftpFailure(toConnectorError(error), trace);
  } finally {
    stop.removeEventListener('abort', abort);
    // Not asked to leave: a server that hangs would never answer.
    socket?.destroy();
  }
}

interface RemoteFile {
  path: string;
  name: string;
  bytes: number;
}

interface Found {
  files: HeldFile[];
  /** One file, which may be an archive. */
  isOne: boolean;
  modifiedAt: number;
  passedOver: readonly number[];
}

/** @param hold makes a file of the server one that can be read */
async function findFiles(
  client: SftpClient,
  place: string,
  limits: FileLimits,
  hold: (file: RemoteFile) => Promise<HeldFile>,
): Promise<Found> {
  const stat = await client.stat(place);
  if (!stat.isDirectory) {
    const file = await hold({ path: place, name: path.posix.basename(place), bytes: stat.size });
    return { files: [file], isOne: true, modifiedAt: stat.modifyTime, passedOver: [] };
  }
  const listed: ListedFile[] = (await client.list(place))
    // Links are the server's own affair: what they lead to may be anywhere on it.
    .filter(({ type, name }) => type !== 'd' && type !== 'l' && !isLitter(name) && !name.includes('/'))
    .map(({ name, size, modifyTime }) => ({ name, bytes: size, modifiedAt: modifyTime }));
  if (listed.length > limits.entries) {
    throw wrongSettings(
      'folder_too_many',
      'The folder holds too many files. Name the one the export is written to.',
    );
  }
  const choice = decideFolder(listed);
  if (choice.kind === 'empty') {
    throw missing(
      'folder_empty',
      'The folder on the server holds no files yet. Check where the export is written to.',
    );
  }
  const chosen = choice.kind === 'archive' ? [choice.file] : choice.files;
  const files: HeldFile[] = [];
  for (const { name, bytes } of chosen) {
    files.push(await hold({ path: path.posix.join(place, name), name: normaliseName(name), bytes }));
  }
  const modifiedAt = Math.max(...chosen.map((each) => each.modifiedAt));
  const passedOver = choice.kind === 'archive' ? choice.others.map((other) => other.modifiedAt) : [];
  return { files, isOne: choice.kind === 'archive', modifiedAt, passedOver };
}

async function readPart(client: SftpClient, name: string, start: number, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of readRemote(client, name, { start, end: start + bytes - 1 })) chunks.push(chunk);
  } catch (error) {
    throw toSftpFailure(error, { strangeKey: undefined, level: undefined, hasAnswered: true });
  }
  return Buffer.concat(chunks);
}

function readRemote(
  client: SftpClient,
  name: string,
  part?: { start: number; end: number },
): AsyncIterable<Buffer> {
  const stream = client.createReadStream(name, { highWaterMark: 256 * 1024, ...part });
  // It closes its file when it has been read, and fails once more, unheard, where the connection is gone by then.
  stream.on('error', () => {});
  return stream as AsyncIterable<Buffer>;
}
