import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scan } from './memory-files.ts';

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** A table as RFC 4180 wants it, with more quotes than are needed where `generous`. */
function write(
  table: readonly (readonly string[])[],
  { end = '\r\n', delimiter = ',', generous = false } = {},
): string {
  const special = new RegExp(`["\r\n${delimiter}]`);
  const field = (text: string) =>
    generous || special.test(text) || text.trim() !== text ? quoted(text) : text;
  return table.map((row) => row.map(field).join(delimiter) + end).join('');
}

const tables = fc.integer({ min: 2, max: 5 }).chain((width) =>
  fc.array(
    fc.array(
      fc.oneof(
        fc.string({
          unit: fc.constantFrom('a', '"', ',', '\n', '\r', ';', '\t', ' ', 'é', '漢', '🎒', '\\.'),
        }),
        fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
      ),
      { minLength: width, maxLength: width },
    ),
    { maxLength: 8 },
  ),
);

test('any table that is written by RFC 4180 comes out as it is, wherever its pieces end', async () => {
  await fc.assert(
    fc.asyncProperty(
      tables,
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('\r\n', '\n'),
      fc.constantFrom(',', ';', '\t', '|'),
      fc.boolean(),
      async (table, piece, end, delimiter, generous) => {
        const header = (table[0] ?? ['', '']).map((_, index) => `column${index}`);
        const text = write([header, ...table], { end, delimiter, generous });
        const { rows, findings, isWhole, text: cleaned } = await scan(text, { piece });
        const expected = delimiter === ',' ? [] : ['wrong_delimiter@1'];
        // Each record again by another reader, which takes what the database takes.
        const byOther =
          cleaned === '' ? [] : (parse(cleaned, { delimiter: ',', record_delimiter: '\n' }) as string[][]);
        expect(byOther).toEqual(rows);
        expect({ rows: rows.map((row) => row.slice(1)), findings, isWhole }).toEqual({
          rows: table.filter((row) => row.length > 0),
          findings: expected,
          isWhole: true,
        });
      },
    ),
    { numRuns: 400 },
  );
});

test('what becomes of any bytes is the same wherever their pieces end', async () => {
  const unit = fc.constantFrom(
    'a',
    '"',
    ',',
    '\n',
    '\r',
    '\r\n',
    ' ',
    '\0',
    '""',
    ',"',
    '",',
    '\xe9',
    '\xc3\xa9',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit, maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      async (body, piece) => {
        const bytes = Buffer.from(`a,b\n${body}`, 'latin1');
        expect(await scan(bytes, { piece })).toEqual(await scan(bytes));
      },
    ),
    { numRuns: 2000 },
  );
});

test('each record has the line in front on which it begins', async () => {
  const { rows } = await scan('a,b\r\n1,"x\ny"\r\n\r\n2,z\r\n');
  expect(rows).toEqual([
    ['2', '1', 'x\ny'],
    ['5', '2', 'z'],
  ]);
});

test('a file that is cut within a record is not whole, wherever that is', async () => {
  const text = 'id,name,day\r\n1,"Ann, ""A""",2026-01-01\r\n2,Bob,2026-01-02\r\n3,"C\nD",2026-01-03\r\n';
  const ends = [...text.matchAll(/\d\r\n/g)].map(({ index }) => index + 3);
  for (let cut = 0; cut < text.length; cut++) {
    const isRecordEnd = ends.includes(cut) || cut === text.indexOf('\n') + 1;
    for (const piece of [1, 7, 1000]) {
      const { isWhole } = await scan(text.slice(0, cut), { piece });
      expect({ cut, isWhole }).toEqual({ cut, isWhole: isRecordEnd });
    }
  }
});

test('a file of which less comes than its place lists is not whole, even where a record ends', async () => {
  const text = 'id,name\n1,Ann\n2,Bob\n';
  for (let cut = 0; cut < text.length; cut++) {
    const { isWhole } = await scan(text.slice(0, cut), { listed: text.length, lastLineMayLackEnd: true });
    expect({ cut, isWhole }).toEqual({ cut, isWhole: false });
  }
  expect(await scan('id,name\n', { listed: 20 })).toMatchObject({ findings: ['file_cut_short'] });
});

test('a last line without an end counts as whole only where the settings say that it may', async () => {
  expect(await scan('id,name\n1,Ann')).toMatchObject({
    rows: [['2', '1', 'Ann']],
    isWhole: false,
    findings: ['last_line_unended@2'],
  });
  expect(await scan('id,name\n1,Ann', { lastLineMayLackEnd: true })).toMatchObject({
    isWhole: true,
    findings: [],
  });
  // It is short of a field, so that it is cut without doubt.
  expect(await scan(`id,name\n${'1,Ann\n'.repeat(5000)}2`, { lastLineMayLackEnd: true })).toMatchObject({
    isWhole: false,
    findings: ['ragged_row@5002'],
  });
});

test('rows with too many or too few fields are left out and told by their line', async () => {
  const { rows, findings, isWhole } = await scan('a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12,,\n13,14,15\n');
  expect(rows.map((row) => row.join())).toEqual(['2,1,2,3', '6,13,14,15']);
  expect(findings).toEqual(['ragged_row@3', 'ragged_row@4', 'ragged_row@5', 'too_many_bad_rows']);
  expect(isWhole).toBe(false);
});

test('one bad row in a thousand is no reason to think that rows are missing', async () => {
  const good = '1,2\n'.repeat(1500);
  expect((await scan(`a,b\n${good}3\n`)).isWhole).toBe(true);
  expect((await scan(`a,b\n${good}3\n4\n`)).isWhole).toBe(false);
});

test('stray quotes are a part of the text', async () => {
  const cases: [string, string][] = [
    ['5" disk,x', '5" disk|x'],
    ['"Ann "Bee" Cee",x', 'Ann "Bee" Cee|x'],
    [' "Ann, B" ,x', 'Ann, B|x'],
    ['a"",x', 'a""|x'],
    ['"Ann" "Bee",x', 'Ann" "Bee|x'],
  ];
  for (const [record, expected] of cases) {
    for (const piece of [1, 100]) {
      const { rows, findings } = await scan(`a,b\n${record}\n9,9\n`, { piece });
      expect(rows.map((row) => row.slice(1).join('|'))).toEqual([expected, '9|9']);
      expect(findings[0]).toBe('stray_quote@2');
    }
  }
});

test('a quote that is never closed takes the rows after it, and the file is not whole', async () => {
  const { rows, findings, isWhole } = await scan('a,b\n1,2\n3,"4\n5,6\n7,8\n');
  expect(rows).toEqual([['2', '1', '2']]);
  expect(findings).toEqual(['unbalanced_quote@3', 'too_many_bad_rows']);
  expect(isWhole).toBe(false);
});

test('a lost quote that joins two rows by the next one does not make a row of both', async () => {
  const { rows, findings } = await scan('a,b\n1,"2\n3,"4"\n5,6\n');
  expect(rows).toEqual([['4', '5', '6']]);
  expect(findings).toContain('unbalanced_quote@2');
});

test('a record without end does not fill the memory', async () => {
  const { rows, findings, isWhole } = await scan(`a,b\n1,2\n3,"${'x'.repeat(3_000_000)}\n4,5\n`, {
    piece: 65536,
  });
  expect(rows).toEqual([['2', '1', '2']]);
  expect(findings).toContain('record_too_long@3');
  expect(isWhole).toBe(false);
});

test('NUL bytes are left out, stray carriage returns become spaces', async () => {
  for (const piece of [1, 3, 100]) {
    const { rows, findings } = await scan('a,b\r\n1\0,x\ry\r\n\0"2",z\r\n', { piece });
    expect(rows).toEqual([
      ['2', '1', 'x y'],
      ['3', '2', 'z'],
    ]);
    expect(findings).toEqual(['nul_bytes@2', 'nul_bytes@3', 'stray_carriage_return@2']);
  }
});

test('lines that end with a carriage return alone are lines', async () => {
  for (const piece of [1, 4, 100]) {
    const { names, rows, findings, isWhole } = await scan('a,b\r1,2\r3,4\r', { piece });
    expect({ names, rows, findings, isWhole }).toEqual({
      ...{ names: ['a', 'b'], findings: [], isWhole: true },
      rows: [
        ['2', '1', '2'],
        ['3', '3', '4'],
      ],
    });
  }
});

test('a comma within a file parted by something else is text', async () => {
  const { text } = await scan('a;b;c\n1,5;2;,\n"x;y";"a,b";z\n');
  expect(text).toBe('2,"1,5",2,","\n3,"x;y","a,b",z\n');
});

test('fields that are not kept are left out, and empty ones have no quotes', async () => {
  const { text } = await scan('a,b,c\n1,secret,3\n"","x, y",""\n,,\n', { keep: [1, 0, 1] });
  expect(text).toBe('2,1,3\n3,,\n4,,\n');
  expect((await scan('a,b\n1,2\n3,\n', { keep: [0, 0] })).text).toBe('2\n3\n');
});

test('what is not UTF-8 is read as Windows-1252, row by row', async () => {
  const latin = Buffer.from('a,b\n1,Zoë\n', 'latin1');
  const { rows, findings } = await scan(Buffer.concat([latin, Buffer.from('2,Chloé\n')]), { piece: 5 });
  expect(rows.map((row) => row[2])).toEqual(['Zoë', 'Chloé']);
  expect(findings).toEqual(['invalid_utf8@2']);
});

test('a byte order mark is no part of the header', async () => {
  for (const piece of [1, 2, 100]) {
    const { names, findings } = await scan('\ufeffa,b\n1,2\n', { piece });
    expect({ names, findings }).toEqual({ names: ['a', 'b'], findings: [] });
  }
});

test('UTF-16 is known by its mark, or by what it looks like', async () => {
  const little = Buffer.from('a,b\r\n1,Zoë🎒\r\n', 'utf16le');
  const big = Buffer.from(little).swap16();
  const files = [
    Buffer.concat([Buffer.of(0xff, 0xfe), little]),
    Buffer.concat([Buffer.of(0xfe, 0xff), big]),
    little,
    big,
  ];
  for (const file of files) {
    for (const piece of [1, 3, 1000]) {
      const { names, rows, findings, isWhole } = await scan(file, { piece });
      expect({ names, rows, findings, isWhole }).toEqual({
        ...{ names: ['a', 'b'], rows: [['2', '1', 'Zoë🎒']] },
        ...{ findings: ['encoding_utf16'], isWhole: true },
      });
    }
  }
});

test('an empty file is told', async () => {
  for (const text of ['', '\ufeff', '\r\n \n']) {
    expect(await scan(text)).toMatchObject({ names: [], findings: ['empty_file'], isWhole: false });
  }
  expect(await scan('a,b\n')).toMatchObject({ rows: [], findings: [], isWhole: true });
});

test('findings stay few however many rows have one', async () => {
  const { findings } = await scan(`a,b\n${'1\n'.repeat(5000)}`);
  expect(findings.length).toBeLessThan(60);
  expect(findings).toContain('ragged_row');
});
