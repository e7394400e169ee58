import { expect, test } from 'vitest';
import { scan } from './memory-files.ts';

test('a row that a comma without quotes has moved by a column is left out, wherever it stands', async () => {
  const calm = '1,Ann,pw,\n'.repeat(12);
  const moved = '2,Bee, Jr.,pw,\n';
  for (const body of [
    `${moved}${calm}`,
    `${calm}${moved}${calm}`,
    `${calm}${moved}`,
    moved,
    moved.repeat(9),
  ]) {
    for (const piece of [1, 7, 1000]) {
      const { rows, findings } = await scan(`id,name,password,note\n${body}`, { piece, keep: [1, 1, 0, 1] });
      expect(new Set(rows.map(([, ...row]) => row.join()))).toEqual(
        new Set(body.includes(calm) ? ['1,Ann,'] : []),
      );
      expect(findings).not.toContain('extra_empty_fields');
    }
  }
});

test('empty fields behind the last column mean nothing where all rows have as many', async () => {
  const all = Array.from({ length: 1200 }, (_, n) => `${n},x,,\r\n`).join('');
  for (const encoding of ['utf8', 'utf16le'] as const) {
    for (const piece of [9, 100_000]) {
      const bytes = Buffer.from(`\ufeffa,b\r\n${all}`, encoding);
      const { rows, findings, isWhole } = await scan(bytes, { piece });
      expect({ first: rows[0], rows: rows.length, isWhole }).toEqual({
        ...{ first: ['2', '0', 'x'], rows: 1200, isWhole: true },
      });
      expect(findings.filter((code) => code !== 'encoding_utf16')).toEqual(['extra_empty_fields']);
    }
  }
  const one = await scan(`a,b\n${all}7,x,y,\n`);
  expect(one).toMatchObject({ isWhole: true, findings: ['extra_empty_fields', 'ragged_row@1202'] });
  expect(one.rows).toHaveLength(1200);
});
