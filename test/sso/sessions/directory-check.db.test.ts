import { afterAll, expect, test, vi } from 'vitest';
import { createAttemptStore } from '../../../src/sso/attempt-store.ts';
import { setIdentityStatus } from '../../../src/sso/identities/identities.ts';
import { createDirectories } from '../../../src/sso/ldap/ldap.ts';
import { checkAll } from '../../../src/sso/sessions/directory-check.ts';
import type { Tenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { quietLog } from '../../sync/runs/sync-world.ts';
import {
  type DirectoryServer,
  type DirectoryServerOptions,
  startDirectory,
} from '../ldap/directory-server.ts';
import { directory, person } from '../ldap/world.ts';
import { signInAt, startSignInWorld } from '../support/world.ts';

vi.setConfig({ testTimeout: 20_000 });

const world = await startSignInWorld(await createTestDatabase());
const { clock, services } = world;
const { db } = services;
const directories = createDirectories({
  clock,
  log: quietLog,
  attempts: createAttemptStore(db),
  allowLoopback: true,
});
afterAll(() => directories.close());
const minute = 60_000;
/** Asked about longer ago than it may be. */
const due = 5 * minute + 1;

const check = (log = quietLog) => checkAll({ ...services, log, directories, networks: [] });

/** A school where some are signed in. */
async function openSchool(names: readonly string[], options: DirectoryServerOptions = {}) {
  const tenant = await world.addTenant();
  const server = await startDirectory({
    entries: directory(...names.map((name) => person(name))),
    ...options,
  });
  const identity = await world.connect(tenant, [server]);
  for (const name of names) await world.first.visitor().signIn(signInAt(tenant, identity), name);
  return { tenant, server, identity };
}

async function ends(tenant: Tenant): Promise<unknown[]> {
  return (await world.sessions(tenant)).map((row) => row.ended_by);
}

function change(server: DirectoryServer, ...entries: ReturnType<typeof person>[]): void {
  Object.assign(server.options, { entries: directory(...entries) });
}

test('sessions of accounts that were disabled or are gone end at the next check; the others stay', async () => {
  const { tenant, server } = await openSchool(['ada', 'bo', 'cy']);
  change(server, person('ada'), person('bo', { pwdAccountLockedTime: '000001010000Z' }));
  clock.advance(due);
  await check();
  expect(await ends(tenant)).toEqual([null, 'directory', 'directory']);
});

test('an account is asked about once in five minutes', async () => {
  const { tenant, server } = await openSchool(['ada']);
  change(server);
  clock.advance(4 * minute);
  const before = server.searches.length;
  await check();
  expect(server.searches.length).toBe(before);
  expect(await ends(tenant)).toEqual([null]);
  change(server, person('ada'));
  clock.advance(2 * minute);
  await check();
  await check();
  expect(server.searches.length).toBe(before + 1);
});

test('a directory that is dead, silent, busy or refuses to search ends nobody’s session, and is asked again', async () => {
  const { tenant, server } = await openSchool(['ada']);
  clock.advance(due);
  for (const trouble of [
    { silentAfter: 0 },
    { searchResult: { code: 51 } },
    { searchResult: { code: 50 } },
    { searchResult: { code: 32 } },
  ]) {
    Object.assign(server.options, { silentAfter: undefined, searchResult: undefined, ...trouble });
    server.hangUp();
    const lines: unknown[] = [];
    await check({ ...quietLog, warn: (event, fields) => void lines.push([event, fields?.tenantId]) });
    expect([trouble, await ends(tenant)]).toEqual([trouble, [null]]);
    expect(lines).toContainEqual(['directory_sessions_not_checked', tenant.tenantId]);
  }
  await server.stop();
  await check();
  expect(await ends(tenant)).toEqual([null]);
});

test('the dead directory of one school holds up no other’s check', async () => {
  const [dead, well] = [await openSchool(['ada']), await openSchool(['bo'])];
  await dead.server.stop();
  change(well.server);
  clock.advance(due);
  await check();
  expect([await ends(dead.tenant), await ends(well.tenant)]).toEqual([[null], ['directory']]);
});

test('nobody is asked about whose session is over, or whose connection is paused', async () => {
  const [over, paused] = [await openSchool(['ada']), await openSchool(['bo'])];
  const { tenantId } = paused.tenant;
  await setIdentityStatus(services, tenantId, paused.identity.connectionId, 'paused', world.by());
  clock.advance(due);
  const before = paused.server.searches.length;
  await check();
  expect(paused.server.searches.length).toBe(before);
  clock.advance(31 * minute);
  const asked = over.server.searches.length;
  await check();
  expect(over.server.searches.length).toBe(asked);
});

/** More who are signed in than a test can sign in: they have the session of the first one, by subjects of their own. */
async function crowd(
  { tenant, identity }: Pick<Awaited<ReturnType<typeof openSchool>>, 'tenant' | 'identity'>,
  subjects: readonly string[],
  options: { checkedAgo?: number } = {},
): Promise<void> {
  await world.database.superuser.query(
    `insert into session (tenant_id, session_id, secret_hash, person_id, connection_id, subject, started_at, seen_at,
       idle_until, ends_at, checked_at)
     select tenant_id, gen_random_uuid(), sha256(new::bytea), person_id, connection_id, new, started_at, seen_at,
       idle_until, ends_at, $4
     from (select * from session where tenant_id = $1 and connection_id = $2 limit 1) one, unnest($3::text[]) new`,
    [
      tenant.tenantId,
      identity.connectionId,
      subjects,
      new Date(clock.now() - (options.checkedAgo ?? 60 * minute)),
    ],
  );
}

/** Subjects as the directories of these tests have them. */
const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const uuids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => uuid(from + index));
const entries = (from: number, to: number) =>
  uuids(from, to).map((entryUUID, index) => person(`p${from + index}`, { entryUUID }));

async function endedBy(tenant: Tenant): Promise<string[]> {
  const rows = (await world.sessions(tenant)).filter(({ ended_by }) => ended_by === 'directory');
  return rows.map(({ subject }) => String(subject)).sort();
}

test('more than one batch of accounts is asked about in one go', async () => {
  const school = await openSchool(['ada']);
  await crowd(school, uuids(0, 700));
  change(school.server, person('ada'), ...entries(0, 640));
  clock.advance(due);
  await check();
  expect(await endedBy(school.tenant)).toEqual(uuids(640, 700));
});

test('a directory that shows nobody any more ends nobody’s session, says so, and is asked again', async () => {
  const school = await openSchool(['ada', 'bo']);
  await crowd(school, uuids(0, 40));
  const all = [person('ada'), person('bo'), ...entries(0, 40)];
  change(school.server);
  clock.advance(due);
  const lines: unknown[] = [];
  const log = {
    ...quietLog,
    warn: (event: string, fields?: { tenantId?: string; count?: number }) =>
      void (fields?.tenantId === school.tenant.tenantId && lines.push([event, fields.count])),
  };
  await check(log);
  await check(log);
  expect(await ends(school.tenant)).toEqual(Array(42).fill(null));
  expect(lines).toEqual(Array(2).fill(['directory_accounts_vanished', 42]));
  // It is well again, but for one who has left.
  change(school.server, ...all.slice(0, -1));
  await check();
  expect(await endedBy(school.tenant)).toEqual([uuid(39)]);
});

test('one that shows half of them ends nobody’s session but of those it calls disabled', async () => {
  const school = await openSchool(['ada']);
  await crowd(school, uuids(0, 40));
  const locked = person('p0', { entryUUID: uuid(0), pwdAccountLockedTime: '000001010000Z' });
  change(school.server, person('ada'), locked, ...entries(1, 20));
  clock.advance(due);
  await check();
  expect(await endedBy(school.tenant)).toEqual([uuid(0)]);
});

test('a class that was removed goes, though nobody else was due: others are asked about to tell', async () => {
  const school = await openSchool(['ada']);
  await crowd(school, uuids(0, 30));
  await crowd(school, uuids(30, 200), { checkedAgo: minute });
  change(school.server, person('ada'), ...entries(30, 200));
  await check();
  expect(await endedBy(school.tenant)).toEqual(uuids(0, 30));
});

test('where those who were shown a moment ago are gone too, nobody is', async () => {
  const school = await openSchool(['ada']);
  await crowd(school, uuids(0, 30));
  await crowd(school, uuids(30, 200), { checkedAgo: minute });
  change(school.server);
  await check();
  expect(await endedBy(school.tenant)).toEqual([]);
});
