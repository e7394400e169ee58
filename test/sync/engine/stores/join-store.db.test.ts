import { expect, test } from 'vitest';
import type { TenantId } from '../../../../contracts/ids.ts';
import type { StagingTx } from '../../../../src/platform/db.ts';
import { sql } from '../../../../src/platform/sql/sql.ts';
import { createTestDatabase } from '../../../support/database.ts';
import { createSchool, type Given, smallRoster } from '../world.ts';

const database = await createTestDatabase();
const { superuser } = database;

/** A school of so many. @param changed of them are others than at first */
function schoolOf(people: number, changed = 0) {
  const users = Array.from(
    { length: people },
    (_, n): Given => ({
      sourcedId: `p${n}`,
      enabledUser: 'true',
      username: `person${n}`,
      givenName: people > 5_000 ? 'G'.repeat(500) : 'Given',
      familyName: n < changed ? 'Changed' : 'Family',
      primaryOrgSourcedId: 's1',
    }),
  );
  return { ...smallRoster(), users: [...smallRoster().users, ...users] };
}

/** As many as load rosters at once. */
const connections = 4;

/** Each connection tells what it has read, which it keeps to itself for a while. */
async function tellAll(tenantId: TenantId): Promise<void> {
  const all = Promise.withResolvers<void>();
  let there = 0;
  const tell = async (tx: StagingTx) => {
    await tx.exec(sql`select pg_stat_force_next_flush()`);
    there += 1;
    if (there === connections) all.resolve();
    await all.promise;
  };
  await Promise.all(Array.from({ length: connections }, () => database.database.withStaging(tenantId, tell)));
}

/** Rows that were read so far of users that runs have found to be different. */
async function countRead(tenantId: TenantId): Promise<number> {
  await tellAll(tenantId);
  const { rows } = await superuser.query(
    `select sum(seq_tup_read)::float8 as read from pg_stat_all_tables where relname = 'fresh_user'`,
  );
  return rows[0].read;
}

// Once for each row would be 1,500 times. Of the large table each page holds a row: rows are looked up in it one by one.
test.each([
  { name: 'without statistics', people: 1_500, fill: 100, analyzed: false, changed: 100 },
  {
    name: 'with statistics that do not know the connection',
    people: 1_500,
    fill: 100,
    analyzed: true,
    changed: 100,
  },
  { name: 'with such statistics, in a large table', people: 8_500, fill: 10, analyzed: true, changed: 100 },
])(
  '$name, what a run changes is read a few times, not once for each row of the roster',
  async ({ name, people, fill, analyzed, changed }) => {
    const slug = name.replaceAll(/\W+/g, '-');
    await superuser.query(`alter table roster_user set (fillfactor = ${fill})`);
    const known = await createSchool(database, `known-${slug}`);
    await known.sync(schoolOf(100));
    if (analyzed) await superuser.query('analyze roster_user');
    const unknown = await createSchool(database, `unknown-${slug}`);
    await unknown.sync(schoolOf(people));
    const before = await countRead(unknown.tenantId);
    const { applied } = await unknown.sync(schoolOf(people, changed));
    expect(applied.changed).toBe(changed);
    expect((await countRead(unknown.tenantId)) - before).toBeLessThan(100 * changed);
  },
);
