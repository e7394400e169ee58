import { expect, test } from 'vitest';
import { emptyChain, hashValues, linkEvent } from '../../src/audit/chain.ts';
import { verifyExport } from '../../src/audit/verify-export.ts';

const tenantId = '01900000-0000-7000-8000-000000000001';

/** An export of two events, as lines. */
function makeExport(): string[] {
  const lines: object[] = [];
  let head = emptyChain;
  for (const sequence of [1, 2]) {
    const values = { salt: Buffer.alloc(16, sequence), reason: null, before: null, after: { sequence } };
    const facts = { sequence, at: sequence, actor: 'a', action: 'b', subject: 'c' };
    const event = linkEvent({ ...facts, tenantId }, hashValues(values), head.hash);
    head = event;
    lines.push({
      ...facts,
      at: new Date(sequence).toISOString(),
      valueHash: event.valueHash.toString('base64'),
      previousHash: event.previousHash.toString('base64'),
      hash: event.hash.toString('base64'),
      values: { ...values, salt: values.salt.toString('base64') },
    });
  }
  const first = { format: 'gatehouse-audit-1', tenantId, sequence: 2, hash: head.hash.toString('base64') };
  return [first, ...lines].map((line) => JSON.stringify(line));
}

test('an export is whole, with or without blank lines', async () => {
  expect(await verifyExport([...makeExport(), ''])).toMatchObject({
    ok: true,
    head: { sequence: 2 },
    erased: 0,
  });
});

test('every changed field of every line is found', async () => {
  const lines = makeExport();
  for (const [index, text] of lines.entries()) {
    const line = JSON.parse(text);
    for (const field of Object.keys(line)) {
      if (field === 'values') continue;
      const value = line[field];
      const changed =
        typeof value === 'number' ? value + 5 : `${value.slice(0, -2)}${value.endsWith('A=') ? 'B=' : 'A='}`;
      const forged = lines.with(index, JSON.stringify({ ...line, [field]: changed }));
      expect((await verifyExport(forged)).ok, `line ${index + 1} ${field}`).toBe(false);
    }
  }
});

test('a line left out at the end is found', async () => {
  expect(await verifyExport(makeExport().slice(0, -1))).toEqual({
    ...{ ok: false, line: 2, problem: 'cut_short' },
    missing: { from: 2, to: 2 },
  });
});

test('events left out in the midst are named', async () => {
  const [first, , b] = makeExport() as [string, string, string];
  expect(await verifyExport([first, b])).toEqual({
    ...{ ok: false, line: 2, problem: 'sequence_gap' },
    missing: { from: 1, to: 1 },
  });
});

test('the line of the first problem is told', async () => {
  const [first, a, b] = makeExport() as [string, string, string];
  expect(await verifyExport([first, a, a, b])).toEqual({ ok: false, line: 3, problem: 'sequence_gap' });
});

test.each([
  ['nothing', []],
  ['no JSON', ['hello']],
  ['another format', ['{"format":"other"}']],
])('%s is no export', async (_what, lines) => {
  expect(await verifyExport(lines)).toMatchObject({ ok: false, problem: 'unreadable_line' });
});

test('an unknown field is refused rather than passed over', async () => {
  const lines = makeExport();
  const forged = lines.with(1, JSON.stringify({ ...JSON.parse(lines[1]!), note: 'x' }));
  expect(await verifyExport(forged)).toEqual({ ok: false, line: 2, problem: 'unreadable_line' });
});

test('a chain made anew differs from a head kept elsewhere', async () => {
  const expected = { sequence: 1, hash: Buffer.alloc(32, 9) };
  expect(await verifyExport(makeExport(), expected)).toEqual({ ok: false, line: 2, problem: 'head_differs' });
});
