import { beforeEach, expect, test } from 'vitest';
import { HUB_TENANT, newId, type TenantId } from '../../contracts/ids.ts';
import { auditHead, recordAudit } from '../../src/audit/audit.ts';
import { auditExport } from '../../src/audit/export.ts';
import { verifyExport } from '../../src/audit/verify-export.ts';
import { sql } from '../../src/platform/sql/sql.ts';
import { createTestDatabase } from '../support/database.ts';

const { database, superuser } = await createTestDatabase();
const entry = {
  actor: 'command:test',
  action: 'tool.changed',
  subject: 'tool-1',
  now: Date.parse('2026-01-01'),
};
let tenantId: TenantId;

beforeEach(() => {
  tenantId = newId<TenantId>();
});

function record(more: Partial<Parameters<typeof recordAudit>[1]> = {}, tenant = tenantId) {
  return database.withTenant(tenant, (tx) => recordAudit(tx, { ...entry, ...more }));
}

function exportLines(tenant = tenantId, pageSize?: number): Promise<string[]> {
  return database.withTenant(tenant, async (tx) => {
    const lines: string[] = [];
    for await (const line of auditExport(tx, pageSize)) lines.push(line);
    return lines;
  });
}

test('what was recorded is exported and verifies on its own', async () => {
  await record({
    before: { name: 'a' },
    after: { name: 'b', n: [1.5, 1e21, -0, null] },
    reason: 'renamed — „so“',
  });
  await record({ after: null });
  const lines = await exportLines();
  expect(await verifyExport(lines)).toMatchObject({ ok: true, tenantId, head: { sequence: 2 }, erased: 0 });
  expect(JSON.parse(lines[1]!)).toMatchObject({
    sequence: 1,
    at: '2026-01-01T00:00:00.000Z',
    actor: 'command:test',
    values: { before: { name: 'a' }, after: { name: 'b' }, reason: 'renamed — „so“' },
  });
});

test('a long chain is exported page by page without loss', async () => {
  await database.withTenant(tenantId, async (tx) => {
    for (let i = 0; i < 7; i++) await recordAudit(tx, { ...entry, after: { i } });
  });
  expect(await exportLines(tenantId, 3)).toHaveLength(8);
  expect(await verifyExport(await exportLines(tenantId, 3))).toMatchObject({
    ok: true,
    head: { sequence: 7 },
  });
});

test('an empty chain is exported as its head alone', async () => {
  expect(await verifyExport(await exportLines())).toMatchObject({ ok: true, head: { sequence: 0 } });
});

test('parallel writers keep one chain', async () => {
  await Promise.all(Array.from({ length: 12 }, (_, i) => record({ after: { i } })));
  expect(await verifyExport(await exportLines())).toMatchObject({ ok: true, head: { sequence: 12 } });
});

test('an entry of a change that rolled back leaves no gap', async () => {
  await record();
  const failing = database.withTenant(tenantId, async (tx) => {
    await recordAudit(tx, entry);
    throw new Error('roll back');
  });
  await expect(failing).rejects.toThrow('roll back');
  await record();
  expect(await verifyExport(await exportLines())).toMatchObject({ ok: true, head: { sequence: 2 } });
});

test('secrets are masked before they are stored', async () => {
  await record({ before: { clientSecret: 'old-one' }, after: { clientSecret: 'new-one', name: 'n' } });
  const { rows } = await superuser.query('select before, after from audit_value where tenant_id = $1', [
    tenantId,
  ]);
  expect(rows).toEqual([
    { before: { clientSecret: '(masked)' }, after: { clientSecret: '(masked)', name: 'n' } },
  ]);
});

test('erased values leave the chain whole', async () => {
  await record({ after: { name: 'b' } });
  await record();
  await database.withTenant(tenantId, (tx) => tx.exec(sql`delete from audit_value where sequence = 1`));
  expect(await verifyExport(await exportLines())).toMatchObject({ ok: true, erased: 1 });
});

test('each tenant and the hub have a chain of their own and see no other', async () => {
  const other = newId<TenantId>();
  await record({ subject: 'mine' });
  await record({ subject: 'theirs' }, other);
  await database.withHub((tx) => recordAudit(tx, { ...entry, subject: 'hub' }));
  for (const [tenant, subject] of [
    [tenantId, 'mine'],
    [other, 'theirs'],
    [HUB_TENANT, 'hub'],
  ] as const) {
    const lines = await exportLines(tenant);
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[1]!)).toMatchObject({ sequence: 1, subject });
  }
});

test('the program can change or delete no event', async () => {
  await record();
  for (const statement of [
    sql`update audit_event set actor = 'other'`,
    sql`delete from audit_event`,
    sql`truncate audit_event`,
    sql`update audit_value set reason = 'other'`,
  ]) {
    const attempt = database.withTenant(tenantId, (tx) => tx.exec(statement));
    await expect(attempt, statement.strings[0]!).rejects.toMatchObject({ code: '42501' });
  }
});

test.each([
  ["update audit_event set actor = 'other' where sequence = 2", 'event_changed'],
  ["update audit_event set at = at + interval '1 second' where sequence = 2", 'event_changed'],
  ['update audit_value set before = \'{"n": 9}\' where sequence = 2', 'values_changed'],
  ['delete from audit_value where sequence = 2; delete from audit_event where sequence = 2', 'sequence_gap'],
])('what an owner of the database does behind the program is found: %s', async (statement, problem) => {
  for (let n = 1; n <= 3; n++) await record({ before: { n } });
  await superuser.query(statement.replaceAll('where', `where tenant_id = '${tenantId}' and`));
  expect(await verifyExport(await exportLines())).toMatchObject({ ok: false, problem });
});

test('a chain cut off at its end is found by a head kept elsewhere', async () => {
  await record();
  await record();
  const head = await database.withTenant(tenantId, auditHead);
  expect(await verifyExport(await exportLines(), head)).toMatchObject({ ok: true });
  await superuser.query(`delete from audit_value where tenant_id = '${tenantId}' and sequence = 2`);
  await superuser.query(`delete from audit_event where tenant_id = '${tenantId}' and sequence = 2`);
  expect(await verifyExport(await exportLines())).toMatchObject({ ok: true });
  expect(await verifyExport(await exportLines(), head)).toMatchObject({ ok: false, problem: 'cut_short' });
});
