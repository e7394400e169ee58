import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { smallRoster } from '../engine/world.ts';
import { type Cells, createPackageWorld, headerOf, packageOf, table } from './package-world.ts';

const database = await createTestDatabase();

function people(count: number): Cells[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ sourcedId: `p${i}`, enabledUser: 'true', username: `n${i}` },
    ...{ givenName: `Given ${i}`, familyName: `Family ${i}`, primaryOrgSourcedId: 's1' },
  }));
}

/** As a spreadsheet saves a sheet whose last rows were emptied. */
function withRowsOfCommas(count: number, more = '') {
  const users = people(count);
  const commas = headerOf('users').replaceAll(/[^,]/g, '');
  const { orgs } = smallRoster();
  return {
    ...packageOf({ orgs, users }),
    'users.csv': `${table('users', users)}${commas}\r\n${more}${commas}\r\n`,
  };
}

test('rows of commas behind the last one are told, and keep no removal back', async () => {
  const { bring } = await createPackageWorld(database, 'commas');
  const first = await bring(withRowsOfCommas(40));
  expect(first.said).toEqual(['row_blank repaired users.csv:42', 'row_blank repaired users.csv:43']);
  const { run } = await bring(withRowsOfCommas(39));
  expect(run).toMatchObject({ state: 'applied', holds: [], applied: { removed: 1 } });
});

test('a row that has lost nothing but its id keeps them back', async () => {
  const { bring } = await createPackageWorld(database, 'no-id');
  await bring(withRowsOfCommas(40));
  const { run, said } = await bring(withRowsOfCommas(39, `,,,true,n39${','.repeat(17)}\r\n`));
  expect(said).toContain('sourced_id_missing error users.csv:42#sourcedId');
  expect(run).toMatchObject({ state: 'held', reason: 'rows_unread' });
});

test('the strict profile leaves them out as an error', async () => {
  const { bring } = await createPackageWorld(database, 'strict-commas', { profile: 'strict' });
  expect((await bring(withRowsOfCommas(3))).said).toContain('row_blank error users.csv:5');
});
