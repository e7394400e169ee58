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

test('more than one batch of accounts is asked about in one go', async () => {
  const { tenant, identity, server } = await openSchool(['ada']);
  await world.database.superuser.query(
    `insert into session (tenant_id, session_id, secret_hash, person_id, connection_id, subject, started_at, seen_at,
       idle_until, ends_at, checked_at)
     select tenant_id, gen_random_uuid(), sha256(n::text::bytea), person_id, connection_id, 'gone-' || n, started_at,
       seen_at, idle_until, ends_at, checked_at - interval '1 hour'
     from session, generate_series(1, 700) n where tenant_id = $1 and connection_id = $2`,
    [tenant.tenantId, identity.connectionId],
  );
  change(server, person('ada'));
  clock.advance(due);
  await check();
  const ended = (await ends(tenant)).filter((by) => by === 'directory');
  expect(ended).toHaveLength(700);
  expect((await ends(tenant)).filter((by) => by === null)).toHaveLength(1);
});
