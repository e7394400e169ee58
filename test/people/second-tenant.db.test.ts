import { expect, test } from 'vitest';
import { z } from 'zod';
import { linkRosterUsers } from '../../src/people/link.ts';
import type { Database } from '../../src/platform/db.ts';
import { sql } from '../../src/platform/sql/sql.ts';
import { createTestDatabase } from '../support/database.ts';
import { createPeopleWorld, type PeopleWorld } from './world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;

/** Its statistics are at hand as soon as a transaction is over. */
const counted: Pick<Database, 'withTenant'> = {
  withTenant: (tenantId, work) =>
    database.withTenant(tenantId, async (tx) => {
      const result = await work(tx);
      await tx.one(sql`select pg_stat_force_next_flush()::text as done`, z.object({}));
      return result;
    }),
};

/** Rows of large tables that any statement has read, whether it wanted them or not. */
async function rowsRead(): Promise<number> {
  const { rows } = await superuser.query<{ read: number }>(
    `select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::integer as read from pg_stat_user_tables
     where relname in ('person', 'person_link', 'person_newcomer', 'roster_user', 'roster_role', 'roster_demographics')`,
  );
  return rows[0]?.read ?? 0;
}

/** Users with a role and a birth date each, as a run brings them; `value` is their identifier and what their address starts with. */
async function addUsers(world: PeopleWorld, options: { run: number; count: number; value: string }) {
  const key = [world.tenantId, world.sis, options.run, options.count];
  const rest = `content_hash, created_run, changed_run, part, line, changed_at`;
  const values = `0, $3::integer, $3::integer, 0, 0, now() from generate_series(1, $4::integer) n`;
  await superuser.query(
    `insert into roster_user (tenant_id, connection_id, sourced_id, given_name, family_name, identifier, email, ${rest})
     select $1, $2, 'u' || $3::integer || '-' || n, 'G' || n, 'F' || n, ${options.value}, ${options.value} || '@school.example', ${values}`,
    key,
  );
  await superuser.query(
    `insert into roster_role (tenant_id, connection_id, sourced_id, user_sourced_id, role, ${rest})
     select $1, $2, 'r' || $3::integer || '-' || n, 'u' || $3::integer || '-' || n, 'student', ${values}`,
    key,
  );
  await superuser.query(
    `insert into roster_demographics (tenant_id, connection_id, sourced_id, birth_date, ${rest})
     select $1, $2, 'u' || $3::integer || '-' || n, '2010-01-01', ${values}`,
    key,
  );
}

test.each([
  ['each a value of their own', 'n::text'],
  ['the same few values', "'none' || n % 3"],
])(
  'linking reads few rows a user though statistics know another tenant only, whose users had %s',
  async (_, value) => {
    const first = await createPeopleWorld(testDatabase, `first-${value.length}`);
    await first.setRule('identifier');
    await addUsers(first, { run: 1, count: 4_000, value });
    await superuser.query(
      `with p as (insert into person (tenant_id, person_id, given_name, email, created_at, changed_at)
       select tenant_id, uuid_v7(now()), sourced_id, email, now(), now() from roster_user where tenant_id = $1
       returning *)
     insert into person_link (tenant_id, connection_id, subject, person_id, match_value, created_at)
     select tenant_id, $2, given_name, person_id, split_part(email, '@', 1), now() from p`,
      [first.tenantId, first.sis],
    );
    await superuser.query('vacuum analyze');

    const second = await createPeopleWorld(testDatabase, `second-${value.length}`);
    await second.setRule('identifier');
    await addUsers(second, { run: 1, count: 2_000, value: 'n::text' });
    await second.link(1);
    // One in three is by the identifier of a user who is known.
    await addUsers(second, { run: 2, count: 600, value: "case n % 3 when 0 then '' else 'new-' end || n" });
    const before = await rowsRead();
    const by = { runNo: 2, by: second.by };
    const done = await linkRosterUsers(counted, second.tenantId, second.sis, by);
    expect(done).toMatchObject({ seen: 600 });
    expect((await rowsRead()) - before).toBeLessThan(600 * 20);
  },
  60_000,
);
