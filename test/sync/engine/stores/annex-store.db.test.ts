import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../support/database.ts';
import { createSchool, type Given, type School, smallRoster } from '../world.ts';

const database = await createTestDatabase();
const { superuser } = database;

const annexOf = (school: School, table = 'roster_enrollment') =>
  `${table}_${school.connectionId.replaceAll('-', '')}`;

/** The tables in which a school's enrollments stand, and how many rows of them. */
async function homes(school: School): Promise<Record<string, number>> {
  const { rows } = await superuser.query(
    `select tableoid::regclass::text as home, count(*)::integer as count from roster_enrollment
     where tenant_id = $1 and connection_id = $2 group by 1`,
    [school.tenantId, school.connectionId],
  );
  return Object.fromEntries(rows.map(({ home, count }) => [home, count]));
}

function enrollment(sourcedId: string, more: Given = {}): Given {
  const whole = { classSourcedId: 'k1', schoolSourcedId: 's1', userSourcedId: 'u2', role: 'student' };
  return { sourcedId, ...whole, ...more };
}

function withEnrollments(...enrollments: Given[]) {
  return { ...smallRoster(), enrollments };
}

/** Does something in staging's role, within a tenant, and takes it back. */
async function asStaging<T>(
  tenantId: string,
  work: () => Promise<T>,
  role = 'gatehouse_staging',
): Promise<T> {
  await superuser.query('begin');
  try {
    await superuser.query(`set local role ${role}`);
    await superuser.query(`select set_config('app.tenant', $1, true)`, [tenantId]);
    return await work();
  } finally {
    await superuser.query('rollback');
  }
}

test('many new rows get a table of their own, where they are changed, removed, joined by others and put back', async () => {
  const school = await createSchool(database, 'annex', { annexRows: 2 });
  await school.sync(withEnrollments(enrollment('e1'), enrollment('e2')));
  expect(await homes(school)).toEqual({ [annexOf(school)]: 2 });
  const before = await school.rows('enrollments');
  const next = withEnrollments(enrollment('e2', { userSourcedId: 'u1' }), enrollment('e3'));
  const { run, applied } = await school.sync(next);
  expect(applied).toEqual({ created: 1, changed: 1, removed: 1, restored: 0 });
  expect(await school.rows('enrollments')).toMatchObject([
    { sourced_id: 'e2', user_sourced_id: 'u1' },
    { sourced_id: 'e3' },
  ]);
  expect(await homes(school)).toEqual({ [annexOf(school)]: 3 });
  const now = new Date();
  await school.engine.undo(run, now);
  expect(await school.rows('enrollments')).toEqual(before.map((row) => ({ ...row, changed_at: now })));
  expect((await school.sync(next)).applied).toMatchObject({
    created: 0,
    restored: 1,
    removed: 1,
    changed: 1,
  });
  expect(await homes(school)).toEqual({ [annexOf(school)]: 3 });
});

test('few new rows, rows of other entities and those of a connection that has some stand in the common table', async () => {
  const few = await createSchool(database, 'few', { annexRows: 3 });
  await few.sync(smallRoster());
  await few.sync(
    withEnrollments(enrollment('e1'), enrollment('e2'), enrollment('e3'), enrollment('e4'), enrollment('e5')),
  );
  expect(await homes(few)).toEqual({ roster_enrollment: 5 });
  const { rows } = await superuser.query(
    'select count(*)::integer as count from pg_class where relname = $1',
    [annexOf(few, 'roster_user')],
  );
  expect(rows).toEqual([{ count: 0 }]);
});

test('an annex has the indexes of its table, by connection but not by tenant', async () => {
  const school = await createSchool(database, 'indexed', { annexRows: 1 });
  await school.sync(smallRoster());
  const columnsIn = async (table: string): Promise<string[]> => {
    const { rows } = await superuser.query(
      `select (regexp_match(indexdef, '^CREATE (?:UNIQUE )?INDEX .*[(](.*?)[)]'))[1] as columns from pg_indexes
       where schemaname = 'public' and tablename = $1`,
      [table],
    );
    return rows.map(({ columns }) => (columns as string).replace('tenant_id, ', ''));
  };
  const turned = (columns: string) => columns.replace(/^(connection_id), (.*)$/, '$2, $1');
  for (const table of ['roster_enrollment', 'roster_result']) {
    const own = await columnsIn(table);
    expect(own.length).toBeGreaterThan(2);
    expect((await columnsIn(annexOf(school, table))).sort()).toEqual(own.map(turned).sort());
  }
});

test('rows that were applied a moment ago make the plan stale, in an annex as elsewhere', async () => {
  const school = await createSchool(database, 'stale', { annexRows: 1 });
  await school.sync(withEnrollments(enrollment('e1')));
  const { run } = await school.planned(withEnrollments(enrollment('e1'), enrollment('e2')));
  await superuser.query(
    `insert into ${annexOf(school)} select (jsonb_populate_record(e, '{"sourced_id": "e2"}')).* from ${annexOf(school)} e`,
  );
  await expect(
    school.engine.apply(run, { removals: true, now: new Date(), signal: new AbortController().signal }),
  ).rejects.toMatchObject({ kind: 'conflict', code: 'plan_stale' });
  await school.end(run);
});

test('a tenant neither sees nor writes another’s annex, nor makes one for another’s connection', async () => {
  const ours = await createSchool(database, 'ours', { annexRows: 1 });
  const theirs = await createSchool(database, 'theirs', { annexRows: 1 });
  await ours.sync(smallRoster());
  await theirs.sync(smallRoster());
  const annex = annexOf(theirs);
  for (const name of ['roster_enrollment', annex]) {
    const seen = await asStaging(ours.tenantId, () =>
      superuser.query(`select from ${name} where tenant_id = $1`, [theirs.tenantId]),
    );
    expect([name, seen.rowCount]).toEqual([name, 0]);
    const written = await asStaging(ours.tenantId, () =>
      superuser.query(`update ${name} set role = 'x' where tenant_id = $1`, [theirs.tenantId]),
    );
    expect([name, written.rowCount]).toEqual([name, 0]);
  }
  const refused = { code: '42501' };
  const row = { ...(await theirs.rows('enrollments'))[0], sourced_id: 'e9' };
  const insert = () =>
    superuser.query(`insert into ${annex} select (jsonb_populate_record(null::${annex}, $1)).*`, [row]);
  await expect(asStaging(ours.tenantId, insert)).rejects.toMatchObject(refused);
  const elsewhere = await createSchool(database, 'elsewhere');
  for (const [target, connectionId] of [
    ['roster_enrollment', elsewhere.connectionId],
    ['roster_user', ours.connectionId],
  ]) {
    for (const ask of [
      'open_roster_annex($1, $2)',
      'attach_roster_annex($1, $2)',
      ...['open', 'index', 'attach'].map((step) => `${step}_roster_annex($1, $2, 'a0b1c2d3e4f5')`),
    ]) {
      const asked = () => superuser.query(`select ${ask}`, [target, connectionId]);
      await expect(asStaging(ours.tenantId, asked)).rejects.toMatchObject(refused);
    }
  }
  const read = () => superuser.query(`select from ${annex}`);
  await expect(asStaging(theirs.tenantId, read, 'gatehouse_app')).rejects.toMatchObject(refused);
  const both = () => superuser.query('select distinct tenant_id from roster_enrollment');
  expect((await asStaging(ours.tenantId, both, 'gatehouse_app')).rows).toEqual([
    { tenant_id: ours.tenantId },
  ]);
});
