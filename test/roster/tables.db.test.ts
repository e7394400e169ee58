import { expect, test } from 'vitest';
import { columnName, entities, models } from '../../contracts/roster.ts';
import { columnType, tables } from '../../src/roster/tables.ts';
import { createTestDatabase } from '../support/database.ts';

const { superuser } = await createTestDatabase();

test.each(entities)('the table of %s has the columns of its model, in order', async (entity) => {
  const { rows } = await superuser.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [tables[entity]],
  );
  const own = models[entity].columns.map((column) => ({
    name: columnName(column.name),
    type: columnType(column),
  }));
  expect(rows.slice(3, 3 + own.length)).toEqual(own);
  expect(rows.slice(3 + own.length).map(({ name }) => name)).toEqual([
    'metadata',
    'content_hash',
    'created_run',
    'changed_run',
    'part',
    'line',
    'changed_at',
    'removed_at',
  ]);
});
