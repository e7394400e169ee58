import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { createTestDatabase } from './support/database.ts';
import { readTables, type Table } from './support/isolation/catalogue.ts';
import { fillTables, insertRow, makeRow } from './support/isolation/rows.ts';

const { superuser, url } = await createTestDatabase();
await superuser.query('select ensure_partitions(current_date)');
const tables = (await readTables(superuser)).filter(({ name }) => !name.includes('.'));
const [ours, theirs] = [randomUUID(), randomUUID()];
await fillTables(
  superuser,
  tables.filter(({ name }) => !kept(name)),
  [ours, theirs],
);

/** What the program connects as. */
const app = new pg.Client({ connectionString: url, options: '-c role=gatehouse_app' });
await app.connect();
afterAll(() => app.end());

/** Rows the migrations made already. */
function kept(name: string): boolean {
  return name === 'schema_migration' || name === 'partitioned_table';
}

const tenantTables = tables.filter((table) => table.hasTenant && !table.isPartition);
const partitions = tables.filter(({ isPartition }) => isPartition);
const byName = (list: Table[]) => list.map((table) => [table.name, table] as const);

/** Runs a statement as the program does for a tenant, and takes it back. Gives rows changed, or the SQLSTATE. */
async function asTenant(tenantId: string, work: () => Promise<pg.QueryResult>): Promise<number | string> {
  await app.query('begin');
  try {
    await app.query(`select set_config('app.tenant', $1, true)`, [tenantId]);
    const result = await work();
    return result.rowCount ?? 0;
  } catch (error) {
    return (error as pg.DatabaseError).code ?? String(error);
  } finally {
    await app.query('rollback');
  }
}

const refused = '42501';

async function may(table: Table, privilege: string): Promise<boolean> {
  const { rows } = await superuser.query(`select has_table_privilege('gatehouse_app', $1, $2) as may`, [
    table.name,
    privilege,
  ]);
  return rows[0].may;
}

/** A column the program may change. */
async function changeable(table: Table): Promise<string | undefined> {
  for (const { name } of table.columns) {
    const { rows } = await superuser.query(
      `select has_column_privilege('gatehouse_app', $1, $2, 'update') as may`,
      [table.name, name],
    );
    if (rows[0].may) return name;
  }
  return undefined;
}

test('every kind of table is visited, each with rows of two tenants', async () => {
  expect(tenantTables.length).toBeGreaterThan(20);
  expect(partitions.length).toBeGreaterThan(5);
  for (const { name } of tenantTables) {
    const { rows } = await superuser.query(`select tenant_id from ${name} where tenant_id in ($1, $2)`, [
      ours,
      theirs,
    ]);
    expect([name, rows.map((row) => row.tenant_id).sort()]).toEqual([name, [ours, theirs].sort()]);
  }
});

test.each(byName(tenantTables))('%s: a tenant reads its own rows and no others', async (name) => {
  expect(await asTenant(ours, () => app.query(`select from ${name}`))).toBe(1);
  expect(await asTenant(ours, () => app.query(`select from ${name} where tenant_id = $1`, [theirs]))).toBe(0);
  expect(await asTenant(ours, () => app.query(`select from ${name} where tenant_id <> $1`, [ours]))).toBe(0);
});

test.each(byName(tenantTables))('%s: a tenant changes no row of another', async (name, table) => {
  const column = await changeable(table);
  const set = `${column ?? 'tenant_id'} = ${column ?? 'tenant_id'}`;
  const change = () => app.query(`update ${name} set ${set} where tenant_id = $1`, [theirs]);
  expect(await asTenant(ours, change)).toBe(column === undefined ? refused : 0);
  expect(await asTenant(theirs, change)).toBe(column === undefined ? refused : 1);
});

test.each(byName(tenantTables))('%s: a tenant gives no row of its own to another', async (name) => {
  const give = () => app.query(`update ${name} set tenant_id = $1 where tenant_id = $2`, [theirs, ours]);
  expect(await asTenant(ours, give)).toBe(refused);
});

test.each(byName(tenantTables))('%s: a tenant deletes no row of another', async (name, table) => {
  const remove = () => app.query(`delete from ${name} where tenant_id = $1`, [theirs]);
  expect(await asTenant(ours, remove)).toBe((await may(table, 'delete')) ? 0 : refused);
  const { rows } = await superuser.query(`select from ${name} where tenant_id = $1`, [theirs]);
  expect(rows).toHaveLength(1);
});

test.each(byName(tenantTables))('%s: a tenant inserts no row for another', async (_name, table) => {
  const row = makeRow(table, new Map(table.references.map(({ table: referred }) => [referred, {}])), theirs);
  const insert = async () => {
    await insertRow(app, table, row);
    return { rowCount: 1 } as pg.QueryResult;
  };
  expect(await asTenant(ours, insert)).toBe(refused);
  // In the other tenant's own scope it is not the policy that stands in the way.
  if (await may(table, 'insert')) expect(await asTenant(theirs, insert)).not.toBe(refused);
});

test.each(byName(tenantTables))('%s: without a tenant nothing is seen', async (name) => {
  expect((await app.query(`select from ${name}`)).rowCount).toBe(0);
  // After a transaction the setting is empty and no longer unset.
  await asTenant(ours, () => app.query('select 1'));
  expect((await app.query(`select from ${name}`)).rowCount).toBe(0);
});

test.each(byName(partitions))('%s: a partition is read and written through its table only', async (name) => {
  for (const role of ['app', 'directory', 'rollup', 'staging', 'auditor']) {
    const { rows } = await superuser.query(
      `select has_table_privilege($1, $2, 'select, insert, update, delete, truncate')
         or has_any_column_privilege($1, $2, 'select, insert, update') as may`,
      [`gatehouse_${role}`, name],
    );
    expect([role, rows[0].may]).toEqual([role, false]);
  }
  expect(await asTenant(ours, () => app.query(`select from ${name}`))).toBe(refused);
});

test('a back-fill by the migrator touches the rows of every tenant', async () => {
  const migrator = new pg.Client({ connectionString: url, options: '-c role=gatehouse_migrator' });
  await migrator.connect();
  try {
    const { rowCount } = await migrator.query(`update person set locale = 'fr'`);
    expect(rowCount).toBe(2);
  } finally {
    await migrator.end();
  }
});

test('row-level security is what holds tenants apart: without it, another’s row is reached', async () => {
  await superuser.query('begin');
  try {
    await superuser.query('alter table person disable row level security');
    await superuser.query(`set local role gatehouse_app`);
    await superuser.query(`select set_config('app.tenant', $1, true)`, [ours]);
    expect((await superuser.query('select from person')).rowCount).toBe(2);
  } finally {
    await superuser.query('rollback');
  }
});
