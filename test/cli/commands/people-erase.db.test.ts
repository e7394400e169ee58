import { beforeEach, expect, test } from 'vitest';
import { newId } from '../../../contracts/ids.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const { done, hub, makeTenant } = createCommandLine(testDatabase);
const personId = newId();
const connectionId = newId();
let slug: string;
let at: string[];

beforeEach(async () => {
  slug = await makeTenant();
  at = ['--tenant', slug];
  await superuser.query(
    `insert into person (tenant_id, person_id, name, created_at, changed_at)
     select tenant_id, $2, 'Zyx Zyxson', now(), now() from tenant where slug = $1`,
    [slug, personId],
  );
});

const names = async () =>
  (await superuser.query('select p.name from person p join tenant using (tenant_id) where slug = $1', [slug]))
    .rows;
const reason = ['--reason', 'Asked for'];

test('without --confirm it is shown what would go, and how to do it', async () => {
  const { out } = await hub(['people', 'erase', personId, ...at]);
  expect(out).toContain('Nothing was erased.');
  expect(out).toContain(`people erase ${personId} --tenant ${slug} --confirm ${personId}`);
  expect(out).toMatch(/links: +0/);
  expect(await names()).toEqual([{ name: 'Zyx Zyxson' }]);
  expect(await done('people', 'erase', personId, ...at)).toMatchObject({
    ...{ isErased: false, erasure: { personIds: [personId], tools: [], counts: { links: 0 } } },
  });
});

test('with it the person is erased', async () => {
  const erased = await done('people', 'erase', personId, ...at, '--confirm', personId, ...reason);
  expect(erased).toMatchObject({ isErased: true, erasure: { personIds: [personId] } });
  expect(await names()).toEqual([{ name: null }]);
});

test.each([
  [['--confirm', connectionId, ...reason], '--confirm must be the id of the person once more.'],
  [['--confirm', personId], '--reason is missing.'],
  [['--confirm', 'yes', ...reason], '--confirm must be an id'],
])('nothing goes by %j', async (words, complaint) => {
  const said = await hub(['people', 'erase', personId, ...at, ...words]);
  expect(said).toMatchObject({ exitCode: 2, err: expect.stringContaining(complaint) });
  expect(await names()).toEqual([{ name: 'Zyx Zyxson' }]);
});

test('somebody unknown is told as such', async () => {
  const said = await hub(['people', 'erase', newId(), ...at]);
  expect(said).toMatchObject({ exitCode: 1, err: expect.stringContaining('has no person') });
});

test('somebody erased is let in again by the roster and their sourcedId', async () => {
  const words = ['people', 'readmit', ...at, '--roster', connectionId, '--sourced-id', '4711'];
  expect((await hub(words)).err).toContain('has no roster connection');
  await superuser.query(
    `insert into connection (tenant_id, connection_id, kind, partner, name, created_at)
     select tenant_id, $2, 'roster', 'x', 'SIS', now() from tenant where slug = $1`,
    [slug, connectionId],
  );
  await superuser.query(
    `insert into roster_source (tenant_id, connection_id, connector, settings, status, version, created_at, changed_at)
     select tenant_id, $2, 'test', '{}', 'active', 1, now(), now() from tenant where slug = $1`,
    [slug, connectionId],
  );
  expect((await hub(words)).err).toContain('Nobody with this sourcedId was erased');
  await superuser.query(
    `insert into person_tombstone
     select tenant_id, $2::uuid, tombstone_key($2::uuid, '4711'), now() from tenant where slug = $1`,
    [slug, connectionId],
  );
  expect((await hub(words)).out).toContain('A full run brings them back');
});
