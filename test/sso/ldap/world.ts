import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type ConnectionId, newId, type TenantId } from '../../../contracts/ids.ts';
import type { Log, LogFields } from '../../../src/platform/log.ts';
import type { DirectoryConnection } from '../../../src/sso/ldap/connection.ts';
import { createDirectories, type Directories } from '../../../src/sso/ldap/ldap.ts';
import type { AttemptStore } from '../../../src/sso/ldap/limits.ts';
import { directorySettings } from '../../../src/sso/ldap/settings.ts';
import type { DirectoryServer, ServedEntry } from './directory-server.ts';

export const base = 'DC=school,DC=example';
export const reader = { dn: `CN=reader,${base}`, password: 'reader-password' };

/** Somebody below the base. @param attributes besides or instead of the usual ones */
export function person(
  uid: string,
  attributes: ServedEntry['attributes'] = {},
  password = `${uid}-password`,
): ServedEntry {
  const usual = {
    objectClass: 'inetOrgPerson',
    uid,
    entryUUID: `00000000-0000-4000-8000-${createHash('sha256').update(uid).digest('hex').slice(0, 12)}`,
    mail: `${uid}@school.example`,
    givenName: 'Ada',
    sn: 'Lovelace',
    displayName: 'Ada Lovelace',
  };
  return { dn: `uid=${uid},OU=People,${base}`, attributes: { ...usual, ...attributes }, password };
}

/** The base, the service account and some people. */
export function directory(...people: ServedEntry[]): ServedEntry[] {
  return [
    { dn: base, attributes: { objectClass: 'domain' } },
    { dn: reader.dn, attributes: { objectClass: 'account' }, password: reader.password },
    ...people,
  ];
}

/** Counts of attempts as one copy of the hub would keep them. */
export function createAttempts(): AttemptStore & { held: Map<string, { count: number; from: number }> } {
  const held = new Map<string, { count: number; from: number }>();
  const read = (key: string, { now, lengthMs }: { now: number; lengthMs: number }) => {
    const kept = held.get(key);
    return kept === undefined || kept.from + lengthMs <= now ? { count: 0, from: now } : kept;
  };
  return {
    held,
    take: async (_tenant, key, window) => {
      const { count, from } = read(key, window);
      held.set(key, { count: count + 1, from });
      return count + 1;
    },
    count: async (_tenant, key, window) => read(key, window).count,
    giveBack: async (_tenant, key) => {
      const kept = held.get(key);
      if (kept !== undefined) held.set(key, { ...kept, count: Math.max(0, kept.count - 1) });
    },
    clear: async (_tenant, key) => {
      held.delete(key);
    },
  };
}

export interface World {
  directories: Directories;
  attempts: ReturnType<typeof createAttempts>;
  log: { event: string; fields: LogFields | undefined }[];
  clock: { now(): number; time: number };
}

/** The hub's side, closed when the test ends. */
export function openWorld(
  options: { leastRefusalMs?: number; addresses?: Record<string, string>; allowLoopback?: boolean } = {},
): World {
  const attempts = createAttempts();
  const lines: World['log'] = [];
  const note = (event: string, fields?: LogFields) => void lines.push({ event, fields });
  const log: Log = { debug: note, info: note, warn: note, error: note, flush: () => {} };
  const clock = { time: Date.UTC(2026, 10, 21, 8), now: () => clock.time };
  const { leastRefusalMs = 0, addresses = {}, allowLoopback = true } = options;
  const directories = createDirectories({
    clock,
    log,
    attempts,
    allowLoopback,
    leastRefusalMs,
    lookup: async (host) => [{ address: addresses[host] ?? '127.0.0.1', family: 4 }],
  });
  onTestFinished(() => directories.close());
  return { directories, attempts, log: lines, clock };
}

/** A connection to servers on this machine, in the clear unless the settings say otherwise. */
export function connect(
  servers: readonly DirectoryServer[],
  settings: Record<string, unknown> = {},
  version = 1,
  connectionId = newId<ConnectionId>(),
): DirectoryConnection {
  return {
    tenantId: newId<TenantId>(),
    connectionId,
    version,
    networks: [],
    settings: directorySettings.parse({
      name: 'school.example',
      kind: 'generic',
      servers: servers.map(({ port }) => ({ url: `ldap://127.0.0.1:${port}`, plain: true })),
      authorities: 'public',
      serviceAccount: reader.dn,
      servicePassword: reader.password,
      base,
      user: { nameAttributes: ['uid', 'mail'] },
      key: 'entryUUID',
      timeouts: { connectMs: 600, operationMs: 600, waitMs: 5000 },
      ...settings,
    }),
  };
}

/** What somebody types. */
export function typed(username: string, password = `${username}-password`, address = '192.0.2.7') {
  return { username, password, address };
}
