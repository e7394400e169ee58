import { beforeEach, expect, test } from 'vitest';
import type { ConnectionId, PersonId } from '../../contracts/ids.ts';
import { mergePeople } from '../../src/people/merges.ts';
import { joinReview, linkSignIn, previewSignIn, type SignIn } from '../../src/people/people.ts';
import { createTestDatabase } from '../support/database.ts';
import { createPeopleWorld, type PeopleWorld, readPeopleTables } from './world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
let number = 0;
let world: PeopleWorld;
let idp: ConnectionId;

beforeEach(async () => {
  world = await createPeopleWorld(testDatabase, `school-${++number}`);
  idp = await world.connect('identity');
});

const ada = { givenName: 'Ada', familyName: 'Byron' };
const account = (changes: Partial<SignIn> = {}): SignIn => ({
  ...{ connectionId: idp, issuer: 'https://idp.example', subject: 'ada', matchValue: '100' },
  allowsNew: false,
  person: { name: 'Ada Byron', ...ada },
  ...changes,
});
const signIn = (changes: Partial<SignIn> = {}) =>
  world.tx((tx) => linkSignIn(tx, account(changes), { now: world.by.now }));
const preview = (changes: Partial<SignIn> = {}) => world.tx((tx) => previewSignIn(tx, account(changes)));
const countOf = async (table: string) => {
  const { rows } = await superuser.query(
    `select count(*)::integer as count from ${table} where tenant_id = $1`,
    [world.tenantId],
  );
  return rows[0].count as number;
};

/** Ada in the roster, by the tenant's field. */
async function rostered(user = {}): Promise<PersonId> {
  await world.setRule('identifier');
  await world.addUser('u1', { identifier: '100', ...ada, ...user });
  await world.link(1);
  return world.personOf('u1');
}

test('the one roster person with the tenant’s field is who signs in, and from then on by the link alone', async () => {
  const person = await rostered();
  const first = await signIn();
  expect(first).toMatchObject({ outcome: 'matched', personId: person });
  expect(await signIn({ matchValue: undefined, person: {} })).toEqual({
    outcome: 'known',
    personId: person,
    subject: 'subject' in first ? first.subject : '',
  });
  expect([await countOf('person'), await countOf('person_link')]).toEqual([1, 2]);
});

test.each<[string, Partial<SignIn>]>([
  ['another subject', { subject: 'somebody' }],
  ['the same subject of another issuer', { issuer: 'https://evil.example' }],
])('%s is another account, and asks somebody though the field agrees', async (_what, changes) => {
  await rostered();
  await signIn();
  expect(await signIn(changes)).toEqual({ outcome: 'review' });
  expect(await world.reviews()).toMatchObject([{ reason: 'same_connection', state: 'open' }]);
  expect(await signIn(changes)).toEqual({ outcome: 'review' });
  expect(await world.reviews()).toHaveLength(1);
});

test('an e-mail address alone never links, whoever may have set it', async () => {
  const person = await rostered({ email: 'ada@school.example' });
  const email = { matchValue: undefined, person: { ...ada, email: 'Ada@school.example' } };
  expect(await signIn(email)).toEqual({ outcome: 'review' });
  expect(await world.reviews()).toMatchObject([{ reason: 'email_only', otherId: person }]);
  const let_in = await signIn({ ...email, allowsNew: true, subject: 'ada2' });
  expect(let_in).toMatchObject({ outcome: 'created', reviews: 1 });
  expect(let_in).not.toMatchObject({ personId: person });
});

test.each<[string, object, Partial<SignIn>]>([
  [
    'another name altogether',
    {},
    { person: { name: 'Mary Somerville', givenName: 'Mary', familyName: 'Somerville' } },
  ],
  ['another identifier', { identifier: '200' }, {}],
])('%s is not taken for the roster’s person', async (_what, user, changes) => {
  const person = await rostered(user);
  const result = await signIn({ allowsNew: true, ...changes });
  expect(result.outcome).toBe('created');
  expect(result).not.toMatchObject({ personId: person });
});

test('without a rule, without a value, and by a user who is gone, nobody is found', async () => {
  await rostered();
  expect(await signIn({ matchValue: ' ' })).toEqual({ outcome: 'unknown' });
  await superuser.query('update roster_user set removed_at = now() where tenant_id = $1', [world.tenantId]);
  expect(await signIn()).toEqual({ outcome: 'unknown' });
  await superuser.query('update roster_user set removed_at = null where tenant_id = $1', [world.tenantId]);
  await superuser.query('delete from person_match_rule where tenant_id = $1', [world.tenantId]);
  expect(await signIn()).toEqual({ outcome: 'unknown' });
  expect([await countOf('person'), await countOf('person_link'), await countOf('person_review')]).toEqual([
    1, 1, 0,
  ]);
});

test('whom the roster gets to know later is joined to who signed in, by the next linking', async () => {
  await world.setRule('identifier');
  const first = await signIn({ allowsNew: true });
  expect(first).toMatchObject({ outcome: 'created', reviews: 0 });
  expect(await signIn()).toEqual({ outcome: 'unknown' });
  await world.addUser('u1', { identifier: '100', ...ada, familyName: 'Lovelace' });
  expect(await world.link(1)).toMatchObject({ joined: 1 });
  const person = await world.personOf('u1');
  expect(first).toMatchObject({ personId: person });
  expect(await signIn()).toMatchObject({ outcome: 'known', personId: person });
  const { rows } = await superuser.query('select name from person where tenant_id = $1', [world.tenantId]);
  expect(rows).toEqual([{ name: 'Ada Lovelace' }]);
});

test('who was in the roster before the first sign-in came under its name is found by the next linking too', async () => {
  await world.setRule('identifier');
  await world.addUser('u1', { identifier: '100', ...ada });
  await world.link(1);
  const later = await signIn({ matchValue: undefined, allowsNew: true });
  await signIn({ allowsNew: true });
  expect(await world.link(2)).toMatchObject({ joined: 1 });
  expect(later).toMatchObject({ personId: await world.personOf('u1') });
});

test('somebody decides that an account is the roster’s person: then it signs in, and as them', async () => {
  const person = await rostered({ email: 'ada@school.example' });
  const email = { matchValue: undefined, person: { ...ada, email: 'ada@school.example' } };
  await signIn(email);
  const [item] = await world.reviews();
  await world.tx((tx) => joinReview(tx, item!.reviewId, {}, world.by));
  expect(await signIn(email)).toMatchObject({ outcome: 'known', personId: person });
});

test.each([true, false])(
  'two first sign-ins of one account at once make one link and one person: new %s',
  async (isNew) => {
    const person = isNew ? undefined : await rostered();
    const results = await Promise.all(Array.from({ length: 6 }, () => signIn({ allowsNew: isNew })));
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(
      [isNew ? 'created' : 'matched', ...Array(5).fill('known')].sort(),
    );
    const persons = new Set(results.map((result) => 'personId' in result && result.personId));
    expect(persons.size).toBe(1);
    if (person !== undefined) expect(persons).toEqual(new Set([person]));
    expect(await countOf('person')).toBe(1);
  },
);

test('two accounts with one identifier at once: one is the person, the other asks somebody', async () => {
  await rostered();
  const results = await Promise.all(['a', 'b', 'c'].map((subject) => signIn({ subject })));
  expect(results.map(({ outcome }) => outcome).sort()).toEqual(['matched', 'review', 'review']);
});

test('a first sign-in while its person is being merged leads to the one that is kept', async () => {
  const person = await rostered();
  const kept = await world.addLaunched('s1');
  const [done, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const merging = world.tx(async (tx) => {
    await mergePeople(tx, { keptId: kept, absorbedId: person }, world.by);
    done.resolve();
    await gate.promise;
  });
  await done.promise;
  const signing = signIn();
  await expect
    .poll(async () => (await superuser.query('select from pg_locks where not granted')).rowCount)
    .toBeGreaterThan(0);
  gate.resolve();
  await merging;
  expect(await signing).toMatchObject({ outcome: 'matched', personId: kept });
});

test('a preview says whom a sign-in would lead to, and why, and changes nothing', async () => {
  const person = await rostered({ email: 'ada@school.example' });
  const before = await readPeopleTables(testDatabase, world.tenantId);
  expect(await preview()).toMatchObject({
    outcome: 'matched',
    person: { personId: person, name: 'Ada Byron' },
    explanation: expect.stringContaining('“identifier”: Ada Byron'),
    candidates: [{ found: 'field', agree: ['identifier', 'given', 'family'], differ: [], reason: undefined }],
  });
  const byEmail = { matchValue: undefined, person: { ...ada, email: 'ada@school.example' } };
  expect(await preview(byEmail)).toMatchObject({
    outcome: 'review',
    person: undefined,
    candidates: [{ personId: person, found: 'email', reason: 'email_only' }],
  });
  expect(await preview({ ...byEmail, allowsNew: true })).toMatchObject({ outcome: 'created' });
  expect(await preview({ matchValue: '999' })).toMatchObject({ outcome: 'unknown', candidates: [] });
  expect(await readPeopleTables(testDatabase, world.tenantId)).toEqual(before);
  await signIn();
  expect(await preview()).toMatchObject({ outcome: 'known', person: { personId: person }, candidates: [] });
});

test('a preview and a sign-in agree', async () => {
  await rostered({ email: 'ada@school.example' });
  const variants: Partial<SignIn>[] = [true, false].flatMap((allowsNew) =>
    ['100', '999', undefined].flatMap((matchValue) =>
      ['ada@school.example', undefined].map((email, i) => ({
        ...{ allowsNew, matchValue, subject: `${allowsNew} ${matchValue} ${i}` },
        person: { ...ada, email },
      })),
    ),
  );
  for (const variant of variants) {
    const told = await preview(variant);
    expect((await signIn(variant)).outcome).toBe(told.outcome);
  }
});

test('a school’s people are found by its own connections only', async () => {
  const other = await createPeopleWorld(testDatabase, `other-${number}`);
  await other.setRule('identifier');
  await other.addUser('u1', { identifier: '100', ...ada, email: 'ada@school.example' });
  await other.link(1);
  await world.setRule('identifier');
  const before = await readPeopleTables(testDatabase, other.tenantId);
  const person = { ...ada, email: 'ada@school.example' };
  expect(await preview({ person })).toMatchObject({ outcome: 'unknown', candidates: [] });
  expect(await signIn({ person })).toEqual({ outcome: 'unknown' });
  const here = await signIn({ person, allowsNew: true });
  const there = await other.tx((tx) =>
    linkSignIn(tx, { ...account({ person }), allowsNew: true }, { now: other.by.now }),
  );
  expect([here.outcome, there.outcome]).toEqual(['created', 'matched']);
  const after = await readPeopleTables(testDatabase, other.tenantId);
  expect(after.person).toEqual(before.person);
});
