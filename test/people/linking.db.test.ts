import { beforeEach, expect, test } from 'vitest';
import { linkRosterUsers } from '../../src/people/link.ts';
import { setMatchRule } from '../../src/people/people.ts';
import type { Database } from '../../src/platform/db.ts';
import { createTestDatabase } from '../support/database.ts';
import { createPeopleWorld, type PeopleWorld } from './world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
let number = 0;
let world: PeopleWorld;

beforeEach(async () => {
  world = await createPeopleWorld(testDatabase, `school-${++number}`);
});

const ada = { givenName: 'Ada', familyName: 'Byron' };

async function addMany(count: number): Promise<void> {
  await superuser.query(
    `insert into roster_user (tenant_id, connection_id, sourced_id, given_name, family_name, identifier, content_hash,
       created_run, changed_run, part, line, changed_at)
     select $1, $2, 'u' || n, 'G' || n, 'F' || n, 'id' || n, 0, 1, 1, 0, 0, now() from generate_series(1, $3::integer) n`,
    [world.tenantId, world.sis, count],
  );
  await superuser.query(
    `with p as (insert into person (tenant_id, person_id, given_name, created_at, changed_at)
       select $1, uuid_v7(now()), 'G' || n, now(), now() from generate_series(1, $3::integer / 2) n
       returning person_id, given_name)
     insert into person_link (tenant_id, connection_id, subject, person_id, claimed_id, match_value, created_at)
     select $1, $2, given_name, person_id, 'id' || substr(given_name, 2), 'id' || substr(given_name, 2), now() from p`,
    [world.tenantId, world.lms, count],
  );
}

/** Fails at the transaction with that number, as a copy that is killed would. */
function failingAt(number: number): Pick<Database, 'withTenant'> {
  let count = 0;
  return {
    withTenant: (tenantId, work) =>
      database.withTenant(tenantId, async (tx) => {
        const result = await work(tx);
        if (++count === number) throw new Error('killed');
        return result;
      }),
  };
}

const linksOf = async () => {
  // Tables just filled are taken for empty, and joined row by row.
  await superuser.query('analyze person, person_link');
  const { rows } = await superuser.query(
    `select k.subject, count(p.person_id)::integer as persons,
       bool_or(o.subject is not null) as joined
     from person_link k
     left join person p on p.tenant_id = k.tenant_id and p.person_id = k.person_id and p.merged_into is null
     left join person_link o on o.tenant_id = k.tenant_id and o.person_id = k.person_id and o.connection_id = $3
     where k.tenant_id = $1 and k.connection_id = $2 group by k.subject order by k.subject`,
    [world.tenantId, world.sis, world.lms],
  );
  return rows;
};

test('linking goes in many short transactions, and whichever of them is lost, the next caller ends with the same', async () => {
  await world.setRule('identifier');
  await addMany(9_000);
  let steps = 0;
  const counting: Pick<Database, 'withTenant'> = {
    withTenant: (tenantId, work) => {
      steps++;
      return database.withTenant(tenantId, work);
    },
  };
  for (let lost = 1; lost <= 6; lost++) {
    const options = { runNo: 1, by: world.by };
    const attempt = linkRosterUsers(failingAt(lost), world.tenantId, world.sis, options);
    // A call that goes on late in the work has fewer steps left.
    await attempt.catch((error: Error) => expect(error.message).toBe('killed'));
  }
  await linkRosterUsers(counting, world.tenantId, world.sis, { runNo: 1, by: world.by });
  const links = await linksOf();
  expect(links).toHaveLength(9_000);
  expect(links.filter(({ persons }) => persons !== 1)).toEqual([]);
  expect(links.filter(({ joined }) => joined)).toHaveLength(4_500);
  const { rows } = await superuser.query(
    `select (select count(*)::integer from person where tenant_id = $1) as persons,
       (select count(*)::integer from person_newcomer where tenant_id = $1) as waiting,
       (select count(*)::integer from person_merge where tenant_id = $1) as merges`,
    [world.tenantId],
  );
  expect(rows).toEqual([{ persons: 9_000, waiting: 0, merges: 0 }]);
  expect(steps).toBeGreaterThan(1);
}, 30_000);

test('a change of the rule that is lost half-way is carried through by the next linking, and nobody is joined by a mixture', async () => {
  await world.addLaunched('s1', { claimedId: 'ada', ...ada });
  await world.addUser('u1', { identifier: 'ada', username: 'x' });
  await world.addUser('u2', { identifier: 'y', username: 'ada', ...ada });
  await world.link(1);
  const rule = { rosterColumn: 'username', linkField: 'lisPersonSourcedId' } as const;
  for (let lost = 2; lost <= 5; lost++) {
    await expect(setMatchRule(failingAt(lost), world.tenantId, rule, world.by)).rejects.toThrow('killed');
  }
  await world.link(1);
  expect(await world.personOf('u2')).toBe(await world.personOf('s1', world.lms));
  expect(await world.personOf('u1')).not.toBe(await world.personOf('u2'));
});

test('a run that was undone is looked at whole, though its rows are as older runs left them', async () => {
  await world.setRule('identifier');
  await world.addUser('u1', { identifier: '100', ...ada });
  await world.link(1);
  await world.addUser('u1', { identifier: '200', ...ada, run: 2 });
  await world.link(2);
  await superuser.query(
    `update roster_user set identifier = '100', changed_run = 1 where tenant_id = $1 and sourced_id = 'u1'`,
    [world.tenantId],
  );
  await linkRosterUsers(database, world.tenantId, world.sis, { runNo: 2, again: true, by: world.by });
  const person = await world.addLaunched('s1', { claimedId: '100', ...ada });
  expect((await world.link(2)).joined).toBe(1);
  expect(await world.personOf('u1')).toBe(person);
});

test('two rosters that lead to each other are joined once, and either order', async () => {
  const second = await world.connect('roster');
  await world.addUser('u1', { identifier: '100', ...ada });
  await world.addUser('v1', { identifier: '100', ...ada }, second);
  await world.link(1);
  await world.link(1, second);
  expect(await world.setRule('identifier')).toEqual({ joined: 1, reviews: 0 });
  expect(await world.personOf('v1', second)).toBe(await world.personOf('u1'));
  await world.link();
  expect(await world.personOf('v1', second)).toBe(await world.personOf('u1'));
});

test('what more than ten persons have is no identifier: nobody is joined by it, or asked about', async () => {
  await world.setRule('identifier');
  for (let i = 0; i < 12; i++) await world.addLaunched(`s${i}`, { claimedId: 'N/A' });
  await world.addUser('u1', { identifier: 'N/A' });
  expect(await world.link(1)).toMatchObject({ created: 1, joined: 0, reviews: 0 });
});

test('a call that is told to stop does so, and the next one goes on', async () => {
  await world.addUser('u1', ada);
  const stopped = AbortSignal.abort(new Error('stopping'));
  const options = { runNo: 1, by: world.by };
  await expect(
    linkRosterUsers(database, world.tenantId, world.sis, { ...options, signal: stopped }),
  ).rejects.toThrow('stopping');
  expect(await linkRosterUsers(database, world.tenantId, world.sis, options)).toMatchObject({ created: 1 });
});
