import { expect, test } from 'vitest';
import { newId, type ProbeId } from '../../../contracts/ids.ts';
import { saveDownHost } from '../../../src/health/breaker/host-store.ts';
import { insertProbe } from '../../../src/health/probes/probe-store.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = createApiWorld(testDatabase);
const everywhere = (await world.makeToken()).token;
const now = world.clock.now();

test('hosts that are down are told, the longest one first, and let pass again by name', async () => {
  const { call } = await world.open();
  const down = (host: string, minutes: number) => ({
    host,
    breaker: {
      ...({ state: 'open', reason: 'server_error' } as const),
      ...{ failures: 7, openedAt: now - minutes * 60_000, until: now + 60_000 },
    },
  });
  await database.withHub((tx) => saveDownHost(tx, down('lms.example', 5)));
  await database.withHub((tx) => saveDownHost(tx, down('sftp.example:22', 50)));
  const listed = await call('listDownHosts', { token: everywhere });
  expect(listed.body.hosts).toMatchObject([
    { host: 'sftp.example:22', openedAt: new Date(now - 50 * 60_000).toISOString() },
    {
      host: 'lms.example',
      state: 'open',
      failures: 7,
      reason: 'server_error',
      until: new Date(now + 60_000).toISOString(),
    },
  ]);
  const reset = () =>
    call('resetHost', { token: everywhere, body: { host: 'sftp.example:22', reason: 'It is up' } });
  expect((await reset()).body).toEqual({ done: true });
  expect(await reset()).toMatchObject({ status: 404, body: { code: 'host_not_down' } });
  expect((await call('listDownHosts', { token: everywhere })).body.hosts).toHaveLength(1);
});

test('what asking told is listed, the newest first, and a connection is left out of it and taken in again', async () => {
  const { call } = await world.open();
  const school = await world.addSchool();
  const probe = (minutesAgo: number, outcome: 'success' | 'failed_partner') => ({
    ...({ probeId: newId<ProbeId>(), connectionId: school.connectionId, kind: 'read', outcome } as const),
    reason: outcome === 'success' ? null : 'unreachable',
    startedAt: new Date(now - minutesAgo * 60_000 - 500),
    endedAt: new Date(now - minutesAgo * 60_000),
  });
  await database.withTenant(school.tenantId, async (tx) => {
    await insertProbe(tx, probe(20, 'success'));
    await insertProbe(tx, probe(5, 'failed_partner'));
  });
  const own = { token: school.token, params: { slug: school.slug, connectionId: school.connectionId } };
  const { body } = await call('listProbes', own);
  expect(body).toMatchObject({
    probes: [
      { outcome: 'failed_partner', reason: 'unreachable' },
      { outcome: 'success', kind: 'read', reason: null },
    ],
    off: [],
  });
  expect((await call('listProbes', { ...own, query: { limit: '1' } })).body.probes).toHaveLength(1);
  const set = (isOn: boolean) =>
    call('setProbing', { ...own, body: { isOn, reason: 'Their server is old' } });
  expect((await set(false)).body).toEqual({ done: true });
  expect((await call('listProbes', own)).body.off).toEqual([school.connectionId]);
  await set(true);
  expect((await call('listProbes', own)).body.off).toEqual([]);
  const strange = { ...own, params: { ...own.params, connectionId: newId() }, body: { isOn: false } };
  expect(await call('setProbing', strange)).toMatchObject({
    status: 404,
    body: { code: 'connection_unknown' },
  });
});
