import { expect, test } from 'vitest';
import { verifyExport } from '../../../src/audit/verify-export.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = createApiWorld(testDatabase);
const { token } = await world.makeToken();

async function openSchool() {
  const school = await world.addSchool();
  const { call } = await world.open();
  const params = { slug: school.slug };
  await call('updateTenant', { token: token, params, body: { name: 'One', reason: 'First' } });
  world.clock.time += 1_000;
  await call('updateTenant', { token: token, params, body: { name: 'Two' } });
  const list = async (query: Record<string, string> = {}) =>
    (await call('listAudit', { token, params, query })).body;
  return { school, call, params, list };
}

test('events are found by who, what, to what and when, newest first and page by page', async () => {
  const { school, list } = await openSchool();
  const all = (await list()).events;
  const sequences = all.map(({ sequence }: { sequence: number }) => sequence);
  expect(sequences).toEqual(sequences.toSorted((a: number, b: number) => b - a));
  const updates = (await list({ action: 'tenant.updated' })).events;
  expect(updates).toMatchObject([
    { subject: `tenant:${school.tenantId}`, values: { reason: null, before: { name: 'One' } } },
    { values: { reason: 'First', after: { name: 'One' } } },
  ]);
  const { actor, at } = updates[0];
  expect((await list({ actor })).events).toHaveLength(2);
  expect((await list({ action: 'tenant.' })).events).toHaveLength(3);
  expect((await list({ since: at })).events).toHaveLength(1);
  expect((await list({ until: at })).events).toHaveLength(all.length - 1);
  expect((await list({ subject: 'tenant:nobody' })).events).toEqual([]);
  const first = await list({ limit: '1' });
  expect(first.next).toBe(all[0].sequence);
  expect((await list({ limit: '1', before: String(first.next) })).events).toMatchObject([
    { sequence: all[1].sequence },
  ]);
});

test('the export verifies on its own, and that somebody took it is on record', async () => {
  const { call, params, list } = await openSchool();
  const { text, headers } = await call('exportAudit', { token, params });
  expect(headers.get('content-type')).toContain('application/x-ndjson');
  expect(headers.get('content-disposition')).toContain('audit.ndjson');
  const verdict = await verifyExport(text.split('\n'));
  expect(verdict).toMatchObject({ ok: true });
  const { events } = await list();
  expect(events[0]).toMatchObject({ action: 'audit.exported' });
  const told = (await call('verifyAudit', { token, params })).body;
  expect(told).toMatchObject({ whole: true, events: events.length, erased: 0, problem: null });
  if (verdict.ok) expect(told.head).toBe(verdict.head.hash.toString('base64'));
});

test('a trail that somebody has changed is told as broken, and where', async () => {
  const { school, call, params } = await openSchool();
  await superuser.query(`update audit_event set actor = 'nobody' where tenant_id = $1 and sequence = 2`, [
    school.tenantId,
  ]);
  const { body } = await call('verifyAudit', { token, params });
  expect(body).toMatchObject({ whole: false, problem: { sequence: 2, code: expect.any(String) } });
});

test('a long trail is verified in pieces, each of which follows the one before', async () => {
  const { school, call, params, list } = await openSchool();
  const total = (await list()).events.length;
  const piece = async (after?: string) => {
    const query = { limit: '1', ...(after && { after }) };
    return (await call('verifyAudit', { token, params, query })).body;
  };
  const seen: string[] = [];
  let after: string | undefined;
  for (let number = 1; number <= total; number++) {
    const found = await piece(after);
    expect(found).toMatchObject({ whole: true, events: 1, total });
    expect(found.next === null).toBe(number === total);
    seen.push(found.head);
    after = found.next ?? undefined;
  }
  expect(new Set(seen).size).toBe(total);
  expect((await call('verifyAudit', { token, params })).body.head).toBe(seen.at(-1));

  // What was taken out behind a piece is missed there, and a place that somebody made up leads nowhere.
  const first = await piece();
  await superuser.query('delete from audit_value where tenant_id = $1 and sequence = 2', [school.tenantId]);
  await superuser.query('delete from audit_event where tenant_id = $1 and sequence = 2', [school.tenantId]);
  expect(await piece(first.next)).toMatchObject({
    whole: false,
    problem: { code: 'sequence_gap', missing: { from: 2, to: 2 } },
  });
  const [, announced] = JSON.parse(Buffer.from(first.next, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify([`2 ${first.head}`, announced])).toString('base64url');
  expect(await piece(forged)).toMatchObject({ whole: false, problem: { code: 'previous_hash_differs' } });
  const nowhere = await call('verifyAudit', { token, params, query: { after: 'nowhere' } });
  expect(nowhere).toMatchObject({ status: 400, body: { code: 'cursor_invalid' } });
});

test('what is cut off between two pieces is noticed, and so is what was put in its stead', async () => {
  const { school, call, params } = await openSchool();
  const piece = async (after?: string) => {
    const query = { limit: '1', ...(after && { after }) };
    return (await call('verifyAudit', { token, params, query })).body;
  };
  const first = await piece();
  const { total } = first;
  for (const table of ['audit_value', 'audit_event']) {
    await superuser.query(`delete from ${table} where tenant_id = $1 and sequence > 1`, [school.tenantId]);
  }
  expect(await piece(first.next)).toMatchObject({
    ...{ whole: false, events: 0, total, next: null },
    problem: { sequence: 2, code: 'cut_short', missing: { from: 2, to: total } },
  });
  // The chain that grows there again is whole in itself, and another one.
  for (let number = 1; number <= total; number++) {
    await call('updateTenant', { token, params, body: { name: `Again ${number}` } });
  }
  expect((await call('verifyAudit', { token, params })).body.whole).toBe(true);
  const query = { limit: '100', after: first.next };
  expect((await call('verifyAudit', { token, params, query })).body).toMatchObject({
    whole: false,
    problem: { sequence: total, code: 'head_differs', missing: null },
  });
});

test('values that were erased leave the trail whole', async () => {
  const { school, call, params, list } = await openSchool();
  await superuser.query('delete from audit_value where tenant_id = $1 and sequence = 1', [school.tenantId]);
  expect((await list()).events.at(-1)).toMatchObject({ sequence: 1, values: null });
  expect((await call('verifyAudit', { token, params })).body).toMatchObject({ whole: true, erased: 1 });
});

test('the hub’s own trail is listed, exported and verified apart', async () => {
  const { call } = await world.open();
  const { body } = await call('listHubAudit', { token, query: { action: 'api_token.created' } });
  expect(body.events.length).toBeGreaterThan(0);
  expect(await verifyExport((await call('exportHubAudit', { token })).text.split('\n'))).toMatchObject({
    ok: true,
  });
  expect((await call('verifyHubAudit', { token })).body).toMatchObject({ whole: true });
});

test.each([[{ limit: '201' }], [{ before: '0' }], [{ action: 'drop table' }], [{ since: 'then' }]])(
  '%o is refused',
  async (query) => {
    const { call } = await world.open();
    const refused = await call('listHubAudit', { token, query: query as Record<string, string> });
    expect(refused).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
  },
);
