import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { from } from 'pg-copy-streams';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { scan } from './memory-files.ts';

const { superuser } = await createTestDatabase();

/** What the database makes of the cleaned text. */
async function copy(text: string): Promise<(string | null)[][]> {
  await superuser.query('create temp table if not exists copied (line bigint, a text, b text, c text)');
  await superuser.query('truncate copied');
  await pipeline(Readable.from([text]), superuser.query(from('copy copied from stdin (format csv)')));
  const { rows } = await superuser.query({
    text: 'select a, b, c from copied order by line',
    rowMode: 'array',
  });
  return rows;
}

const awkward = fc.string({
  unit: fc.constantFrom('"', ',', '\n', '\r', '\r\n', ' ', 'a', 'é', '\\', '\\.', '\n\\.\n', '\0', '🎒'),
  maxLength: 6,
});

test('whatever a file holds, the database can read what becomes of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(awkward, awkward, awkward), { maxLength: 8 }),
      fc.integer({ min: 1, max: 30 }),
      async (lines, piece) => {
        const { text, rows } = await scan(`a,b,c\n${lines.map((line) => line.join(',')).join('\n')}\n`, {
          piece,
        });
        expect(await copy(text)).toEqual(
          rows.map((row) => row.slice(1).map((field) => (field === '' ? null : field))),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('a table with everything that needs quotes arrives as it is', async () => {
  const values = ['\\.', 'a\n\\.\nb', '"', 'a,b', ' x ', 'line\r\nline', "'", '\\N', '漢字'];
  const body = values.map((value) => `1,"${value.replaceAll('"', '""')}",\r\n`).join('');
  const { text } = await scan(`a,b,c\r\n${body}`);
  expect(await copy(text)).toEqual(values.map((value) => ['1', value, null]));
});
