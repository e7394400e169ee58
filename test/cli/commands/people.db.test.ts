import { beforeEach, expect, test } from 'vitest';
import { newId, type PersonId } from '../../../contracts/ids.ts';
import { createPeopleWorld, type PeopleWorld } from '../../people/world.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const { done, hub, makeTenant } = createCommandLine(testDatabase);
let number = 0;
let world: PeopleWorld;
let at: string[];
let launched: PersonId;
let item: string;

/** One item waits: a launch has met somebody with the address of a roster user. */
beforeEach(async () => {
  const slug = `school-${++number}`;
  world = await createPeopleWorld(testDatabase, slug);
  at = ['--tenant', slug];
  const ada = { givenName: 'Ada', familyName: 'Byron', email: 'ada@school.example' };
  launched = await world.addLaunched('s1', { ...ada, claimedId: '100' });
  await world.addUser('u1', { ...ada, identifier: '100' });
  await world.link(1);
  item = (await world.reviews())[0]!.reviewId;
});

const sides = async () => [await world.personOf('u1'), await world.personOf('s1', world.lms)];
const items = async (...words: string[]) =>
  (await done('people', 'review', ...at, ...words)).reviews.map(
    ({ reviewId }: { reviewId: string }) => reviewId,
  );

test('what waits is listed by state and roster, page by page, without what people are called', async () => {
  expect(await items()).toEqual([item]);
  expect(await items('--after', item)).toEqual([]);
  expect(await items('--state', 'joined')).toEqual([]);
  expect(await items('--connection', world.sis)).toEqual([item]);
  expect(await items('--connection', world.lms)).toEqual([]);
  const { out } = await hub(['people', 'review', ...at]);
  expect(out).toMatch(new RegExp(`${item} +email_only +open +\\S+Z +given, family, email +–`));
  expect(out).not.toMatch(/Ada|Byron|@school/);
  expect((await hub(['people', 'review', '--tenant', await makeTenant()])).out).toBe(
    'Nothing waits for a decision.\n',
  );
});

const disclosures = async () => {
  const { rows } = await superuser.query(
    `select v.after, v.reason from audit_event e join audit_value v using (tenant_id, sequence)
     where tenant_id = $1 and e.action = 'people.shown' order by sequence`,
    [world.tenantId],
  );
  return rows;
};

test('an item is shown with both sides; names and identifiers only if somebody asks, and then it is on record', async () => {
  const { out } = await hub(['people', 'review-show', item, ...at]);
  expect(out).toContain(`roster ${world.sis}`);
  expect(out).toContain(`lms ${world.lms}`);
  expect(out).not.toMatch(/Ada|Byron|u1|s1/);
  expect(JSON.stringify(await done('people', 'review-show', item, ...at))).not.toMatch(/Ada|Byron|"u1"|"s1"/);
  expect(JSON.stringify(await done('people', 'review', ...at))).not.toMatch(/"u1"/);
  expect(await disclosures()).toEqual([]);
  const { out: named } = await hub(['people', 'review-show', item, ...at, '--names']);
  expect(named).toMatch(/name: +Ada Byron/);
  expect(named).not.toContain('u1');
  const identified = await done('people', 'review-show', item, ...at, '--identifiers', '--reason', 'Asked');
  expect(identified.review).toMatchObject({ sourcedId: 'u1', other: { links: [{ subject: 's1' }] } });
  const of = [`person_review:${item}`];
  expect(await disclosures()).toEqual([
    { after: { shown: ['names'], of }, reason: null },
    { after: { shown: ['identifiers'], of }, reason: 'Asked' },
  ]);
});

test('merges are listed without what LMSs and rosters call people, unless somebody asks', async () => {
  const { review } = await done('people', 'join', item, ...at);
  const of = [`person_merge:${review.mergeId}`];
  expect((await done('people', 'merges', ...at)).merges[0].moved.links).toBe(1);
  expect(await disclosures()).toEqual([]);
  const [merge] = (await done('people', 'merges', ...at, '--identifiers')).merges;
  expect(merge.moved.links).toEqual([{ connectionId: world.sis, subject: 'u1' }]);
  expect(await disclosures()).toEqual([{ after: { shown: ['identifiers'], of }, reason: null }]);
});

test('two are joined, and the reason is on record; the merge is listed and undone', async () => {
  const [rostered] = await sides();
  const joined = await done(
    'people',
    'join',
    item,
    ...at,
    '--keep',
    rostered!,
    '--reason',
    'Asked the office',
  );
  expect(joined.review).toMatchObject({ state: 'joined', mergeId: expect.any(String) });
  expect(await sides()).toEqual([rostered, rostered]);
  const { rows } = await superuser.query(
    `select v.reason from audit_event e join audit_value v using (tenant_id, sequence)
     where tenant_id = $1 and e.action = 'person.merged'`,
    [world.tenantId],
  );
  expect(rows).toEqual([{ reason: 'Asked the office' }]);
  const { mergeId } = joined.review;
  expect((await hub(['people', 'merges', ...at])).out).toMatch(new RegExp(`${mergeId} .* stands`));
  expect((await done('people', 'unmerge', mergeId, ...at)).merge.undoneAt).toEqual(expect.any(String));
  expect(await sides()).toEqual([rostered, launched]);
  expect((await hub(['people', 'merges', ...at, '--person', launched])).out).toContain('undone');
  expect(await hub(['people', 'unmerge', mergeId, ...at])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('undone already'),
  });
});

test('two are kept apart, or left as they are', async () => {
  expect((await done('people', 'keep-apart', item, ...at)).review.state).toBe('kept_apart');
  expect(await hub(['people', 'dismiss', item, ...at])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('decided already: kept_apart'),
  });
  expect(new Set(await sides()).size).toBe(2);
});

test('an item is dismissed', async () => {
  expect((await done('people', 'dismiss', item, ...at)).review.state).toBe('dismissed');
  expect(await items()).toEqual([]);
});

test('persons are merged by their ids, and how to undo it is said', async () => {
  const [rostered] = await sides();
  const words = ['people', 'merge', ...at, '--keep', launched, '--absorb', rostered!.toUpperCase()];
  const { out } = await hub(words);
  expect(await sides()).toEqual([launched, launched]);
  expect(out).toMatch(/links: +1\n/);
  expect(out).toMatch(/people unmerge \S+ --tenant school-/);
  expect(await hub(words)).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('has been merged into'),
  });
});

test('the rule is chosen, shown and given up', async () => {
  expect((await done('people', 'match-rule', ...at)).rule).toBeNull();
  const chosen = ['--column', 'identifier', '--equals', 'lisPersonSourcedId'];
  expect(await done('people', 'match-rule', ...at, ...chosen)).toMatchObject({ joined: 1, reviews: 0 });
  expect(await sides()).toEqual([launched, launched]);
  expect((await hub(['people', 'match-rule', ...at])).out).toMatch(/rosterColumn: +identifier/);
  expect((await done('people', 'match-rule', ...at, '--clear')).rule).toBeNull();
  expect((await hub(['people', 'match-rule', ...at])).out).toContain('No field is chosen');
  expect(await sides()).toEqual([launched, launched]);
});

test.each([
  [['people', 'review', '--limit', '0'], '--limit must be from 1 to 500.'],
  [['people', 'review', '--cause', 'lost'], '--cause'],
  [['people', 'review', '--state', 'lost'], '--state'],
  [['people', 'join', 'x'], '<item> must be an id'],
  [['people', 'join', newId(), '--keep', 'me'], '--keep must be an id'],
  [['people', 'merge', '--keep', newId()], 'Missing: --absorb'],
  [['people', 'merges', '--before', 'x'], '--before must be an id'],
  [['people', 'unmerge', 'x'], '<merge> must be an id'],
  [['people', 'match-rule', '--column', 'identifier'], '--equals is missing'],
  [['people', 'match-rule', '--equals', 'subject'], '--column is missing'],
  [['people', 'match-rule', '--clear', '--equals', 'subject'], 'excludes --column and --equals'],
])('%j is refused before anything is opened', async (words, complaint) => {
  const said = await hub([...words, ...at]);
  expect(said).toMatchObject({ exitCode: 2, opened: 0, out: '' });
  expect(said.err).toContain(complaint);
});

test('a column that names nobody, a stranger to keep and another school’s ids are refused', async () => {
  const other = ['--tenant', await makeTenant()];
  const refused = async (words: string[], complaint: string, exitCode = 1) =>
    expect(await hub(words)).toMatchObject({ exitCode, err: expect.stringContaining(complaint) });
  await refused(
    ['people', 'match-rule', ...at, '--column', 'email', '--equals', 'subject'],
    'userIds:<type>',
    2,
  );
  await refused(['people', 'join', item, ...at, '--keep', newId()], 'neither of the two', 2);
  await refused(['people', 'join', item, ...other], 'no review item');
  await refused(['people', 'keep-apart', item, ...other], 'no review item');
  await refused(['people', 'review-show', item, ...other], 'no review item');
  const [rostered] = await sides();
  await refused(['people', 'merge', ...other, '--keep', launched, '--absorb', rostered!], 'no such person');
  await refused(['people', 'merge', ...at, '--keep', launched, '--absorb', launched], 'same person already');
  await refused(['people', 'unmerge', newId(), ...at], 'no such merge');
  expect(await items()).toEqual([item]);
});
