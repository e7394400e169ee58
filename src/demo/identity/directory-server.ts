import { createServer, type Socket } from 'node:net';
import type { Server } from 'ldapjs';
import type { DirectoryEntry } from './accounts.ts';
import { loadLibrary } from './library.ts';

/** A directory on this machine, spoken to in the clear. */
export interface DirectoryServer {
  port: number;
  close(): Promise<void>;
}

/** What is used of the library's requests and results. */
interface Request {
  name: unknown;
  credentials: string;
  baseObject: unknown;
  scopeName: string;
  sizeLimit: number;
  attributes: string[];
  filter: Filter;
}
interface Filter {
  value?: unknown;
  clauses?: readonly Filter[];
  matches(entry: object, strict?: boolean): boolean;
}
interface Result {
  attributes: string[];
  end(status?: number): void;
  send(entry: object, unfiltered?: boolean): void;
}

/** RFC 4511 §4.1.9. */
const results = { success: 0, sizeLimitExceeded: 4, invalidCredentials: 49 };

/**
 * Serves accounts by simple binds and searches, and nothing else.
 *
 * @param options.port where it was before; another one where that is taken
 * @returns undefined where the library, which is one of the development packages, is not there
 */
export async function startDirectoryServer(options: {
  entries: readonly DirectoryEntry[];
  port: number | undefined;
}): Promise<DirectoryServer | undefined> {
  const ldap = await loadLibrary(loadLdapjs);
  if (ldap === undefined) return undefined;
  const protocol: Server & { newConnection?(socket: Socket): void } = ldap.createServer();
  const spell = (dn: string) => ldap.parseDN(dn).toString().toLowerCase();
  serve(protocol, createIndex(options.entries, spell), spell);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    protocol.newConnection?.(socket);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listen(options.port ?? 0).catch(() => listen(0));
  // The demo ends with its hub.
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The directory has no port');
  return {
    port: address.port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A CommonJS package: its types do not say that it stands behind `default`. */
async function loadLdapjs(): Promise<typeof import('ldapjs')> {
  const loaded: unknown = await import('ldapjs');
  return (loaded as { default: typeof import('ldapjs') }).default;
}

interface Served {
  entry: DirectoryEntry;
  dn: string;
}

interface Index {
  byDn: ReadonlyMap<string, Served>;
  all: readonly Served[];
  byValue: ReadonlyMap<string, readonly Served[]>;
}

function createIndex(entries: readonly DirectoryEntry[], spell: (dn: string) => string): Index {
  const all = entries.map((entry): Served => ({ entry, dn: spell(entry.dn) }));
  const byValue = new Map<string, Served[]>();
  for (const served of all) {
    const { uid, mail, entryUUID } = served.entry.attributes;
    for (const value of [uid, mail, entryUUID]) {
      if (value === undefined) continue;
      byValue.set(value.toLowerCase(), [...(byValue.get(value.toLowerCase()) ?? []), served]);
    }
  }
  return { all, byValue, byDn: new Map(all.map((served) => [served.dn, served])) };
}

function serve(protocol: Server, index: Index, spell: (dn: string) => string): void {
  protocol.bind('', (request: Request, result: Result) => {
    const served = index.byDn.get(spell(String(request.name)));
    const expected = served?.entry.password;
    const isRight = expected !== undefined && expected === request.credentials;
    result.end(isRight ? results.success : results.invalidCredentials);
  });
  protocol.search('', (request: Request, result: Result) => {
    const root = spell(String(request.baseObject));
    const found = candidates(index, request.filter).filter(({ entry, dn }) => {
      const isInScope = dn === root || (request.scopeName !== 'baseObject' && dn.endsWith(`,${root}`));
      return isInScope && request.filter.matches(entry.attributes, false);
    });
    // What was asked for is chosen here; the library would drop names written in another case.
    result.attributes = [];
    const limit = request.sizeLimit > 0 ? request.sizeLimit : found.length;
    for (const { entry } of found.slice(0, limit)) {
      result.send({ dn: entry.dn, attributes: choose(entry, request.attributes) }, true);
    }
    result.end(found.length > limit ? results.sizeLimitExceeded : results.success);
  });
}

/** Searches for a name or a key look at few; others at all. */
function candidates({ byValue, all }: Index, filter: Filter): readonly Served[] {
  const known = [...new Set(valuesOf(filter).flatMap((value) => byValue.get(value.toLowerCase()) ?? []))];
  return known.length > 0 ? known : all;
}

function valuesOf({ value, clauses = [] }: Filter): string[] {
  return [...(typeof value === 'string' ? [value] : []), ...clauses.flatMap(valuesOf)];
}

function choose({ attributes }: DirectoryEntry, asked: readonly string[]): Record<string, string> {
  const wanted = new Set(asked.map((name) => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => wanted.size === 0 || wanted.has(name.toLowerCase())),
  );
}
