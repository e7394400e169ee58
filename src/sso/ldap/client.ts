import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client, type ClientOptions, type Filter, type SearchOptions, type SearchResult } from 'ldapts';
import { type DirectoryEntry, readEntry } from './entry.ts';
import { DirectoryError, findResultReason, readResultCode } from './failure.ts';
import { type BrokenFrame, frameMessages } from './frames.ts';

export interface SearchRequest {
  readonly base: string;
  readonly scope: 'base' | 'sub';
  readonly filter: Filter;
  readonly attributes: readonly string[];
}

/** One connection to a server. After a failure of the connection, or a time-out, it is closed for good. */
export interface DirectoryClient {
  /** @throws DirectoryError, or the LDAP client's own error with the result that the directory gave */
  bind(dn: string, password: string): Promise<void>;
  /** The first entries, at most `limit`: one that is more than expected tells that there are several. */
  searchFew(request: SearchRequest, limit: number): Promise<DirectoryEntry[]>;
  /** All entries, page by page (RFC 2696). @throws DirectoryError search_limit above `limit` */
  searchAll(request: SearchRequest, limit: number): Promise<DirectoryEntry[]>;
  close(): void;
  readonly isOpen: boolean;
}

export interface ClientSettings {
  readonly host: string;
  /** For each bind, and each search or page of one. */
  readonly operationMs: number;
}

/** An answer is held in memory: a page of large entries fits, a directory that never ends does not. */
const mostBytes = 32 * 1024 * 1024;
const pageSize = 500;
/** Values that are bytes, though they may look like text. */
const binaryAttributes = ['objectGUID', 'objectSid'];

/** Speaks LDAP over a connection that is open and secured already. */
export function openClient(socket: Socket, settings: ClientSettings): DirectoryClient {
  const { host, operationMs } = settings;
  let cut: 'directory_timeout' | BrokenFrame | undefined;
  let allowance = mostBytes;
  const stop = (why: 'directory_timeout' | BrokenFrame) => {
    cut ??= why;
    socket.destroy();
  };
  const spend = (bytes: number) => {
    allowance -= bytes;
    if (allowance < 0) stop('search_limit');
  };
  const client = new Client({
    url: 'ldap://opened.invalid',
    createConnection: once(frameMessages(socket, mostBytes, spend, stop)),
    // A second line behind the limit below, whose end is told from others.
    timeout: operationMs + 1000,
  });

  async function run<T>(work: () => Promise<T>): Promise<T> {
    allowance = mostBytes;
    const timer = setTimeout(() => stop('directory_timeout'), operationMs);
    try {
      return await work();
    } catch (error) {
      if (cut !== undefined)
        throw new DirectoryError(cut, { host, isServersFault: cut === 'directory_timeout' });
      if (readResultCode(error) !== undefined) throw error;
      socket.destroy();
      throw new DirectoryError('directory_unreachable', { host, isServersFault: true, cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  const toOptions = ({ scope, filter, attributes }: SearchRequest): SearchOptions => ({
    scope,
    filter,
    attributes: [...attributes],
    explicitBufferAttributes: binaryAttributes,
    derefAliases: 'never',
    timeLimit: Math.ceil(operationMs / 1000),
  });

  /** References to other servers are left alone: following one would take the credentials there (RFC 4511 §4.5.3). */
  const readEntries = ({ searchEntries }: SearchResult) => searchEntries.map(readEntry);

  return {
    bind: (dn, password) => run(() => client.bind(dn, password)),
    searchFew: (request, limit) =>
      withReasons(host, async () => {
        const options = { ...toOptions(request), sizeLimit: limit };
        return readEntries(await run(() => client.search(request.base, options)));
      }),
    searchAll: (request, limit) =>
      withReasons(host, async () => {
        const pages = client.searchPaginated(request.base, { ...toOptions(request), paged: { pageSize } });
        const entries: DirectoryEntry[] = [];
        for (;;) {
          const page = await run(() => pages.next());
          if (page.done === true) return entries;
          entries.push(...readEntries(page.value));
          if (entries.length > limit) throw new DirectoryError('search_limit', { host });
        }
      }),
    close: () => {
      client.unbind().catch(() => {});
      socket.destroySoon();
    },
    get isOpen() {
      return !socket.destroyed && socket.writable && socket.readable;
    },
  };
}

/** The LDAP client opens connections anew by itself, unbound and in the clear: it gets the one and no other. */
function once(stream: Duplex): NonNullable<ClientOptions['createConnection']> {
  let isTaken = false;
  const take = () => {
    if (isTaken) throw new Error('The connection is closed.');
    isTaken = true;
    return stream;
  };
  return take as unknown as NonNullable<ClientOptions['createConnection']>;
}

async function withReasons<T>(host: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const resultCode = readResultCode(error);
    if (resultCode === undefined) throw error;
    throw new DirectoryError(findResultReason(resultCode) ?? 'answer_invalid', {
      host,
      resultCode,
      isServersFault: resultCode === 51 || resultCode === 52,
    });
  }
}
