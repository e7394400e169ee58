import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConnectionId, PersonId } from '../../contracts/ids.ts';
import { listMerges, mergePeople, unmergePeople } from '../../src/people/merges.ts';
import { joinReview, keepApart, linkSignIn, listReviews } from '../../src/people/people.ts';
import { DomainError } from '../../src/platform/errors.ts';
import { createTestDatabase } from '../support/database.ts';
import { createPeopleWorld, type PeopleWorld } from './world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;

const small = fc.nat(2);
const step = fc.oneof(
  fc.record({ do: fc.constant('signIn' as const), account: small, value: small, allowsNew: fc.boolean() }),
  fc.record({ do: fc.constant('together' as const), account: small, value: small, allowsNew: fc.boolean() }),
  fc.record({ do: fc.constant('user' as const), user: small, value: small, isOther: fc.boolean() }),
  fc.record({ do: fc.constant('sync' as const) }),
  fc.record({ do: fc.constant('merge' as const), kept: fc.nat(9), absorbed: fc.nat(9) }),
  fc.record({ do: fc.constant('unmerge' as const) }),
  fc.record({ do: fc.constant('decide' as const), join: fc.boolean() }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Run {
  world: PeopleWorld;
  idp: ConnectionId;
  runNo: number;
}

const names = ['Ada', 'Mary', 'Emmy'];

async function take(run: Run, given: Step): Promise<void> {
  const { world, idp } = run;
  const by = { ...world.by, now: ++world.by.now };
  switch (given.do) {
    case 'signIn':
      await signIn(run, given);
      return;
    case 'together': {
      const results = await Promise.all([signIn(run, given), signIn(run, given), world.link(run.runNo)]);
      const persons = results.flatMap((result) => ('personId' in result ? [result.personId] : []));
      expect(new Set(persons).size).toBeLessThan(2);
      return;
    }
    case 'user': {
      run.runNo++;
      const givenName = names[given.isOther ? (given.user + 1) % 3 : given.user]!;
      const user = { givenName, familyName: givenName, identifier: `id-${given.value}`, run: run.runNo };
      await world.addUser(`u${given.user}`, user);
      return;
    }
    case 'sync':
      await world.link(run.runNo);
      return;
    case 'merge': {
      const persons = await personsOf(world);
      const [keptId, absorbedId] = [persons[given.kept], persons[given.absorbed]];
      if (keptId === undefined || absorbedId === undefined) return;
      await world.tx((tx) => mergePeople(tx, { keptId, absorbedId }, by));
      return;
    }
    case 'unmerge': {
      const merges = await world.tx((tx) => listMerges(tx, { limit: 10 }));
      const last = merges.find(({ undoneAt }) => undoneAt === null);
      if (last !== undefined) await world.tx((tx) => unmergePeople(tx, last.mergeId, by));
      return;
    }
    case 'decide': {
      const [item] = await world.tx((tx) => listReviews(tx, { state: 'open', limit: 1 }));
      if (item === undefined) return;
      await world.tx((tx) =>
        given.join ? joinReview(tx, item.reviewId, {}, by) : keepApart(tx, item.reviewId, by),
      );
    }
  }

  function signIn(_run: Run, { account, value, allowsNew }: Extract<Step, { account: number }>) {
    const name = names[account]!;
    return world.tx((tx) =>
      linkSignIn(
        tx,
        {
          ...{ connectionId: idp, issuer: 'https://idp.example', subject: `account-${account}` },
          ...{ matchValue: `id-${value}`, allowsNew, person: { givenName: name, familyName: name } },
        },
        { now: by.now },
      ),
    );
  }
}

const personsOf = async (world: PeopleWorld): Promise<PersonId[]> => {
  const { rows } = await superuser.query(
    'select person_id from person where tenant_id = $1 and merged_into is null order by person_id',
    [world.tenantId],
  );
  return rows.map(({ person_id }) => person_id);
};

/** Every link leads to one person who is there and stands for themselves, and no account is known twice. */
async function checkGraph(world: PeopleWorld): Promise<void> {
  const { rows } = await superuser.query(
    `select k.subject from person_link k
     left join person p on p.tenant_id = k.tenant_id and p.person_id = k.person_id
     where k.tenant_id = $1 and (p.person_id is null or p.merged_into is not null)
     union all
     select issued_subject from person_link where tenant_id = $1 and issuer is not null
     group by issued_subject having count(*) > 1
     union all
     select p.person_id::text from person p join person q on q.tenant_id = p.tenant_id and q.person_id = p.merged_into
     where p.tenant_id = $1 and q.merged_into is not null`,
    [world.tenantId],
  );
  expect(rows).toEqual([]);
}

const linksOf = async (world: PeopleWorld) => {
  const { rows } = await superuser.query(
    `select connection_id, subject, person_id from person_link where tenant_id = $1 order by connection_id, subject`,
    [world.tenantId],
  );
  return rows;
};

let count = 0;

test('whatever comes in whatever order: a link leads to one person, and the last merge can be taken back', async () => {
  const seen = { matched: 0, merges: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 16 }), async (steps) => {
      const world = await createPeopleWorld(testDatabase, `school-${++count}`);
      const run: Run = { world, idp: await world.connect('identity'), runNo: 1 };
      await world.setRule('identifier');
      // Two of the three are in the roster from the start.
      await take(run, { do: 'user', user: 0, value: 0, isOther: false });
      await take(run, { do: 'user', user: 1, value: 1, isOther: false });
      await take(run, { do: 'sync' });
      for (const each of steps) {
        try {
          await take(run, each);
        } catch (error) {
          // What is refused is refused with a reason, and leaves the graph as it was.
          expect(error).toBeInstanceOf(DomainError);
        }
        await checkGraph(world);
      }
      await world.link(run.runNo);
      await checkGraph(world);
      seen.matched +=
        (await linksOf(world)).length - new Set((await linksOf(world)).map((row) => row.person_id)).size;
      const persons = await personsOf(world);
      const [keptId, absorbedId] = persons;
      if (keptId === undefined || absorbedId === undefined) return;
      const before = await linksOf(world);
      const by = { ...world.by, now: world.by.now + 1_000 };
      const { mergeId } = await world.tx((tx) => mergePeople(tx, { keptId, absorbedId }, by));
      await checkGraph(world);
      await world.tx((tx) => unmergePeople(tx, mergeId, by));
      expect(await linksOf(world)).toEqual(before);
      seen.merges++;
    }),
    { numRuns: 60 },
  );
  expect(seen.matched).toBeGreaterThan(10);
  expect(seen.merges).toBeGreaterThan(10);
}, 120_000);
