import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { writeFindingsCsv } from '../../../src/api/rosters/findings-csv.ts';
import type { Finding } from '../../../src/sync/run.ts';

const finding = (findingNo: number, given: Partial<Finding> = {}): Finding => ({
  findingNo,
  code: 'enum_unknown',
  severity: 'repaired',
  entity: 'users',
  part: 'users.csv',
  line: 7,
  column: 'role',
  sourcedId: `u${findingNo}`,
  count: 1,
  happened: 'It says "Student", in capitals',
  advice: 'Write it small,\nas the binding does.',
  ...given,
});

async function write(all: Finding[], size = 2) {
  const asked: (number | undefined)[] = [];
  let text = '';
  for await (const piece of writeFindingsCsv(async (after) => {
    asked.push(after);
    return all.filter(({ findingNo }) => findingNo > (after ?? -1)).slice(0, size);
  }))
    text += piece;
  return { text, asked, rows: parse(text, { columns: true }) as Record<string, string>[] };
}

test('every finding is a line, over all pages, in order', async () => {
  const { rows, asked } = await write([1, 2, 3, 7, 9].map((no) => finding(no)));
  expect(rows.map(({ sourcedId }) => sourcedId)).toEqual(['u1', 'u2', 'u3', 'u7', 'u9']);
  expect(asked).toEqual([undefined, 2, 7, 9]);
  expect(rows[0]).toMatchObject({
    file: 'users.csv',
    line: '7',
    what: 'It says "Student", in capitals',
    whatToDo: 'Write it small,\nas the binding does.',
  });
});

test('a run without findings gives the header alone', async () => {
  const { text, rows } = await write([]);
  expect(rows).toEqual([]);
  expect(text).toBe('severity,code,entity,file,line,column,sourcedId,rows,what,whatToDo\r\n');
});

test('what is not known is an empty cell', async () => {
  const { rows } = await write([
    finding(1, { entity: null, part: null, line: null, column: null, sourcedId: null }),
  ]);
  expect(rows[0]).toMatchObject({ entity: '', file: '', line: '', column: '', sourcedId: '' });
});

test.each(['=HYPERLINK("x")', '+1', '-2', '@SUM(A1)', '\tx'])(
  '%j does not reach a spreadsheet as a formula',
  async (text) => {
    const { rows } = await write([finding(1, { sourcedId: text, part: text })]);
    expect(rows[0]).toMatchObject({ sourcedId: `'${text}`, file: `'${text}` });
  },
);
