import { createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { startDirectory } from './ldap/directory-server.ts';
import { directory, person, reader } from './ldap/world.ts';
import { signInAt, startSignInWorld } from './support/world.ts';

vi.setConfig({ testTimeout: 60_000 });

const world = await startSignInWorld(await createTestDatabase());
const second = await world.addCopy();

/** A port of this machine that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

const pupils = Array.from({ length: 200 }, (_, index) => person(`pupil${index}`));

test('a directory that is down is told as such, at once, and the password is not blamed', async () => {
  const tenant = await world.addTenant();
  const address = signInAt(tenant, await world.connect(tenant, [await freePort()]));
  const begun = performance.now();
  const { status, body } = await world.first.visitor().signIn(address, 'ada');
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect(status).toBe(400);
  expect(body).toContain('Your password was not the reason.');
  expect(body).toContain('directory_unreachable');
  // It does not count against the person.
  const { rows } = await world.database.superuser.query(
    'select 1 from sign_in_attempt where tenant_id = $1 and attempts > 0',
    [tenant.tenantId],
  );
  expect(rows).toEqual([]);
});

test('a directory that keeps silent holds up neither those who wait for it, nor other tenants, for longer than its limits', async () => {
  const [slow, well] = [await world.addTenant(), await world.addTenant()];
  const silent = await startDirectory({ silentAfter: 0 });
  const working = await startDirectory({ entries: directory(person('ada')) });
  const settings = { timeouts: { connectMs: 500, operationMs: 500, waitMs: 1_000 }, atOnce: 4, waiting: 10 };
  const stuck = signInAt(slow, await world.connect(slow, [silent], { settings }));
  const address = signInAt(well, await world.connect(well, [working]));
  const begun = performance.now();
  const waiting = Promise.all(
    pupils.slice(0, 60).map((_, index) => world.first.visitor().signIn(stuck, `pupil${index}`)),
  );
  const before = performance.now();
  expect((await world.first.visitor().signIn(address, 'ada')).status).toBe(303);
  expect(performance.now() - before).toBeLessThan(2_500);
  const answers = await waiting;
  expect(performance.now() - begun).toBeLessThan(10_000);
  const reasons = new Set((await world.tries(slow)).map(({ reason }) => reason));
  expect([...reasons].sort()).toEqual(['directory_timeout', 'hub_busy']);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400, 500]));
  // Nothing is left open towards it.
  await expect.poll(() => silent.connections.open).toBe(0);
  expect(silent.connections.opened).toBeLessThanOrEqual(60);
});

test('at the bell 200 sign in at the same time while one of two servers is dead: none fails', async () => {
  const tenant = await world.addTenant();
  const server = await startDirectory({ entries: directory(...pupils) });
  const address = signInAt(tenant, await world.connect(tenant, [await freePort(), server]));
  const begun = performance.now();
  const answers = await Promise.all(
    pupils.map((_, index) => {
      const copy = index % 2 === 0 ? world.first : second;
      return copy.visitor().signIn(address, `pupil${index}`);
    }),
  );
  const took = performance.now() - begun;
  expect(answers.map(({ status }) => status)).toEqual(Array(200).fill(303));
  expect(took).toBeLessThan(20_000);
  expect(await world.sessions(tenant)).toHaveLength(200);
  expect(new Set((await world.sessions(tenant)).map((row) => row.person_id)).size).toBe(200);
});

test('guesses in parallel at two copies are counted together: the directory hears as many as the limit says', async () => {
  const tenant = await world.addTenant();
  const server = await startDirectory({ entries: directory(person('ada')) });
  const address = signInAt(tenant, await world.connect(tenant, [server]));
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, index) => {
      const copy = index % 2 === 0 ? world.first : second;
      // The directory compares names without regard to case, and an address leads to the same person.
      const name = ['ada', 'ADA', ' ada ', 'ada@school.example'][index % 4] ?? 'ada';
      return copy.visitor().signIn(address, name, `guess ${index}`);
    }),
  );
  const shown = server.binds.filter(({ dn }) => dn !== reader.dn);
  expect(shown).toHaveLength(4);
  expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
  // The right password comes too late, at either copy, until the window has passed.
  for (const copy of [world.first, second]) {
    const { status, body } = await copy.visitor().signIn(address, 'ada');
    expect(status).toBe(429);
    expect(body).toContain('Wait 30 minutes');
  }
  expect(server.binds.filter(({ dn }) => dn !== reader.dn)).toHaveLength(4);
  world.clock.advance(30 * 60_000 + 1_000);
  expect((await second.visitor().signIn(address, 'ada')).status).toBe(303);
});

test('failures from one address end all tries from there, whoever they are for, and from no other', async () => {
  const tenant = await world.addTenant();
  const server = await startDirectory({ entries: directory(person('ada')) });
  const settings = { attempts: { perUser: 4, perAddress: 3, windowMinutes: 30 } };
  const address = signInAt(tenant, await world.connect(tenant, [server], { settings }));
  const from = (ip: string) => world.first.visitor({ 'x-forwarded-for': ip });
  for (const index of [1, 2, 3]) await from('203.0.113.9').signIn(address, `nobody${index}`);
  expect((await from('203.0.113.9').signIn(address, 'ada')).status).toBe(429);
  expect((await from('203.0.113.10').signIn(address, 'ada')).status).toBe(303);
});
