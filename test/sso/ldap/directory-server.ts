import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import ldap from 'ldapjs';
import { onTestFinished } from 'vitest';

export interface ServedEntry {
  dn: string;
  attributes: Readonly<Record<string, string | readonly string[] | Buffer>>;
  password?: string;
}

export interface TlsIdentity {
  key: string;
  cert: string;
}

export interface DirectoryServerOptions {
  entries?: readonly ServedEntry[];
  /** From the first byte, as ldaps:// does. */
  tls?: TlsIdentity;
  /** `stripped`: an old server, or somebody between, says that it knows no such operation. */
  startTls?: TlsIdentity | 'stripped';
  /** Sent in the clear right behind the answer to StartTLS, by somebody between. */
  injected?: Buffer;
  /** Takes connections, and falls silent after this many requests. */
  silentAfter?: number;
  /** Answers binds of this DN so. */
  bindResults?: Readonly<Record<string, { code: number; message?: string }>>;
  /** Answers every search so. */
  searchResult?: { code: number };
  /** Sent after the entries: where else something may be found. */
  reference?: string;
  /** Most values of an attribute at once, as Active Directory has it. */
  rangeSize?: number;
  /** Like directories that let anybody in who shows no password (RFC 4513 §5.1.2). */
  allowsEmptyPasswords?: boolean;
  /** Answers each bind of a person only when this resolves. */
  hold?: () => Promise<void>;
}

export interface DirectoryServer {
  readonly port: number;
  /** May be changed while it runs. */
  readonly options: DirectoryServerOptions;
  readonly binds: { dn: string; password: string }[];
  readonly searches: { base: string; filter: string; attributes: string[] }[];
  /** All that came before any TLS. */
  readonly clearText: Buffer[];
  readonly connections: { opened: number; open: number };
  /** Closes the connections there are; new ones are taken. */
  hangUp(): void;
  stop(): Promise<void>;
}

interface Request {
  dn: unknown;
  name: unknown;
  credentials: string;
  baseObject: unknown;
  scopeName: string;
  sizeLimit: number;
  attributes: string[];
  filter: { matches(entry: object, strict?: boolean): boolean; toString(): string };
}
interface Result {
  diagnosticMessage: string;
  attributes: string[];
  end(status?: number): void;
  send(entry: object, unfiltered?: boolean): void;
  createSearchReference(uri: string): object;
}
type Protocol = ldap.Server & { newConnection(socket: Socket): void };

/** A directory on this machine for one test, spoken by another implementation than the hub's. */
export async function startDirectory(options: DirectoryServerOptions): Promise<DirectoryServer> {
  const protocol = ldap.createServer() as Protocol;
  const sockets = new Set<Socket>();
  const served = {
    port: 0,
    options: { ...options },
    binds: [],
    searches: [],
    clearText: [] as Buffer[],
    connections: { opened: 0, open: 0 },
    hangUp: () => {
      for (const socket of sockets) socket.destroy();
    },
    stop: () => stop(front, sockets),
  };
  answer(protocol, served);
  const front = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    served.connections.opened += 1;
    served.connections.open += 1;
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      served.connections.open -= 1;
    });
    const { silentAfter, tls, startTls } = served.options;
    if (silentAfter === 0) socket.resume();
    else if (tls !== undefined) protocol.newConnection(secure(socket, tls));
    else if (startTls !== undefined) waitForStartTls(socket, served, (each) => protocol.newConnection(each));
    else protocol.newConnection(socket);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  served.port = (front.address() as { port: number }).port;
  onTestFinished(() => stop(front, sockets));
  return served;
}

function answer(protocol: Protocol, served: DirectoryServer): void {
  let requests = 0;
  const texts = new Map<ServedEntry, Record<string, unknown>>();
  const comparable = (entry: ServedEntry) => {
    const known = texts.get(entry) ?? { objectClass: 'top', ...textsOf(entry) };
    texts.set(entry, known);
    return known;
  };
  const spelled = new Map<string, string>();
  const spellOnce = (dn: string) => {
    const known = spelled.get(dn) ?? spell(dn);
    spelled.set(dn, known);
    return known;
  };
  const isSilent = () => {
    requests += 1;
    return requests > (served.options.silentAfter ?? Number.POSITIVE_INFINITY);
  };
  protocol.bind('', async (request: Request, result: Result) => {
    const dn = String(request.name);
    const password = request.credentials;
    served.binds.push({ dn, password });
    if (isSilent()) return;
    const { bindResults = {}, entries = [], allowsEmptyPasswords, hold } = served.options;
    await hold?.();
    const forced = Object.entries(bindResults).find(([name]) => spell(name) === spell(dn))?.[1];
    if (forced !== undefined) {
      result.diagnosticMessage = forced.message ?? '';
      return result.end(forced.code);
    }
    const entry = entries.find((each) => spellOnce(each.dn) === spellOnce(dn));
    const isRight = entry?.password !== undefined && entry.password === password;
    const isTaken = isRight || (password === '' && allowsEmptyPasswords === true);
    result.end(isTaken ? 0 : 49);
  });
  protocol.search('', (request: Request, result: Result) => {
    const base = String(request.baseObject);
    served.searches.push({ base, filter: String(request.filter), attributes: request.attributes });
    if (isSilent()) return;
    const { searchResult, entries = [], reference, rangeSize } = served.options;
    if (searchResult !== undefined) return result.end(searchResult.code);
    const found = entries.filter((entry) => {
      const [name, root] = [spellOnce(entry.dn), spellOnce(base)];
      const isInScope = name === root || (request.scopeName !== 'baseObject' && name.endsWith(`,${root}`));
      return isInScope && request.filter.matches(comparable(entry), false);
    });
    // What was asked for is chosen below; the library would drop names written in another case.
    result.attributes = [];
    const limit = request.sizeLimit > 0 ? request.sizeLimit : found.length;
    for (const entry of found.slice(0, limit)) {
      result.send({ dn: entry.dn, attributes: choose(entry, request.attributes, rangeSize) }, true);
    }
    if (reference !== undefined) result.send(result.createSearchReference(reference));
    result.end(found.length > limit ? 4 : 0);
  });
}

/** Only what was asked for, and no more values at once than the directory gives. */
function choose(entry: ServedEntry, asked: readonly string[], rangeSize = Number.POSITIVE_INFINITY) {
  return Object.fromEntries(
    asked.flatMap((name) => {
      const [attribute = '', range] = name.toLowerCase().split(';range=');
      const value = Object.entries(entry.attributes).find(([each]) => each.toLowerCase() === attribute)?.[1];
      if (value === undefined) return [];
      if (!Array.isArray(value) || value.length <= rangeSize) return [[attribute, value]];
      const first = Number(range?.split('-')[0] ?? 0);
      const values = value.slice(first, first + rangeSize);
      const last = first + values.length >= value.length ? '*' : String(first + values.length - 1);
      return [[`${attribute};range=${first}-${last}`, values]];
    }),
  );
}

/** Values as the library compares them: it keeps those of filters escaped, but for backslashes. */
function textsOf({ attributes }: ServedEntry): Record<string, string[]> {
  const written = (text: string) =>
    text.replace(/[*()]/g, (character) => `\\${character.charCodeAt(0).toString(16)}`);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      [value].flat().map((each) => written(String(each))),
    ]),
  );
}

function waitForStartTls(socket: Socket, served: DirectoryServer, hand: (socket: Socket) => void): void {
  let isFirst = true;
  socket.on('data', (chunk: Buffer) => {
    served.clearText.push(chunk);
    const { startTls, injected } = served.options;
    if (!isFirst) return;
    isFirst = false;
    // ExtendedResponse with message id 1: protocolError (RFC 4511 §4.14.2), or success.
    const code = startTls === 'stripped' ? 2 : 0;
    const reply = Buffer.from([0x30, 0x0c, 0x02, 1, 1, 0x78, 0x07, 0x0a, 1, code, 0x04, 0, 0x04, 0]);
    socket.write(injected === undefined ? reply : Buffer.concat([reply, injected]));
    if (typeof startTls !== 'object') return;
    socket.removeAllListeners('data');
    hand(secure(socket, startTls));
  });
}

function secure(socket: Socket, { key, cert }: TlsIdentity): TLSSocket {
  return new TLSSocket(socket, { isServer: true, key, cert }).on('error', () => {});
}

function spell(dn: string): string {
  return ldap.parseDN(dn).toString().toLowerCase();
}

function stop(front: NetServer, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => {
    if (front.listening) front.close(() => resolve());
    else resolve();
  });
}
