import { createHash } from 'node:crypto';
import path from 'node:path';
import SftpClient from 'ssh2-sftp-client';
import type { FilePlace, OpenedFiles } from '../../../../contracts/connector.ts';
import type { Lookup } from '../../../platform/outbound/connector.ts';
import { openGuardedSocket } from '../../../platform/outbound/socket.ts';
import { toConnectorError } from '../failure.ts';
import { decideFolder, type ListedFile } from './choose-files.ts';
import { isLitter, normaliseName } from './entry-names.ts';
import { missing, wrongSettings } from './failures.ts';
import type { FileLimits } from './limits.ts';
import { closeOnFailure, type HeldFile, offer, openOne } from './opened.ts';
import { type SftpTrace, toSftpFailure } from './sftp-failure.ts';
import { openTemporaryFile, type TemporaryFile } from './temporary-file.ts';

export type SftpPlace = Extract<FilePlace, { kind: 'sftp' }>;

export interface SftpOptions {
  allowLoopback: boolean;
  lookup: Lookup | undefined;
  limits: FileLimits;
  signal: AbortSignal;
}

const connectMs = 20_000;
/** For everything: a district's package over a slow line. */
const wholeMs = 60 * 60_000;

/**
 * Fetches what lies at a path of an SFTP server, and leaves the server before anything is read: reading waits for the
 * database, which no server likes.
 *
 * @throws ConnectorError; the signal's reason when the run is stopped
 */
export async function openSftp(place: SftpPlace, options: SftpOptions): Promise<OpenedFiles> {
  const { limits } = options;
  const keys = readPinnedKeys(place.hostKey);
  const file = await openTemporaryFile(limits.download);
  return closeOnFailure(
    () => file.close(),
    async () => {
      const fetched = await withClient(place, keys, options, (client) =>
        fetchPlace(client, place.path, file, limits),
      );
      const close = () => file.close();
      const [only] = fetched.files;
      return fetched.isOne && only !== undefined
        ? openOne(only, { modifiedAt: fetched.modifiedAt, limits, close })
        : offer(fetched.files, { modifiedAt: fetched.modifiedAt, findings: [], close });
    },
  );
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
  const { signal } = options;
  const trace: SftpTrace = { strangeKey: undefined, level: undefined, hasAnswered: false };
  const socket = await openGuardedSocket(place.host, place.port, options).catch((error) => {
    throw toConnectorError(error);
  });
  // Without these the client prints to the console.
  const client = new SftpClient('gatehouse', { error: () => {}, end: () => {}, close: () => {} });
  client.on('error', (error: { level?: string }) => {
    trace.level ??= error.level ?? 'unknown';
  });
  const work = async () => {
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
    return use(client);
  };
  const stop = AbortSignal.any([signal, AbortSignal.timeout(wholeMs)]);
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const abort = () => reject(stop.reason);
  stop.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work(), stopped]);
  } catch (error) {
    signal.throwIfAborted();
    if (stop.aborted) trace.level = 'client-timeout';
    throw toSftpFailure(error, trace);
  } finally {
    stop.removeEventListener('abort', abort);
    // Not asked to leave: a server that hangs would never answer.
    socket.destroy();
  }
}

interface Fetched {
  files: HeldFile[];
  /** One file, which may be an archive. */
  isOne: boolean;
  modifiedAt: number;
}

async function fetchPlace(
  client: SftpClient,
  place: string,
  file: TemporaryFile,
  limits: FileLimits,
): Promise<Fetched> {
  const stat = await client.stat(place);
  if (!stat.isDirectory) {
    const stretch = await file.append(readRemote(client, place));
    const name = path.posix.basename(place);
    return { files: [{ handle: file.handle, name, ...stretch }], isOne: true, modifiedAt: stat.modifyTime };
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
  for (const { name } of chosen) {
    const stretch = await file.append(readRemote(client, path.posix.join(place, name)));
    files.push({ handle: file.handle, name: normaliseName(name), ...stretch });
  }
  const modifiedAt = Math.max(...chosen.map((each) => each.modifiedAt));
  return { files, isOne: choice.kind === 'archive', modifiedAt };
}

function readRemote(client: SftpClient, name: string): AsyncIterable<Buffer> {
  const stream = client.createReadStream(name, { highWaterMark: 256 * 1024 });
  // It closes its file when it has been read, and fails once more, unheard, where the connection is gone by then.
  stream.on('error', () => {});
  return stream as AsyncIterable<Buffer>;
}
