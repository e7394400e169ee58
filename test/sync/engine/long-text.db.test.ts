import { expect, test } from 'vitest';
import type { Page, Raw, Seal } from '../../../contracts/connector.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSchool, hooks } from './world.ts';

const database = await createTestDatabase();

const blocks = 40;
const rowsEach = 1_000;
const rows = blocks * rowsEach;

/** About 8 MB, in pieces large and small, all in the same memory. @param spoil makes the text of a block another one */
async function* longText(spoil: (block: number, text: string) => string): AsyncIterable<Page | Raw | Seal> {
  const memory = Buffer.alloc(1_000_000);
  const lent = (text: string) => memory.subarray(0, memory.write(text));
  async function* chunks() {
    for (let block = 0; block < blocks; block++) {
      const lines = Array.from({ length: rowsEach }, (_none, index) => {
        const line = block * rowsEach + index + 2;
        return `${line},o${line},"${'School '.repeat(25)}${line}",school\n`;
      });
      yield lent(spoil(block, lines.slice(0, 10).join('')));
      yield lent(lines.slice(10).join(''));
    }
  }
  const columns = ['line', 'sourcedId', 'name', 'type'];
  yield { kind: 'raw', part: 'orgs.csv', columns, chunks: chunks(), findings: () => [] };
  yield { kind: 'seal', expected: rows, state: undefined };
}

const asItIs = (_block: number, text: string) => text;

/** A school, and a run of its orgs that has begun. */
async function begin(slug: string) {
  const school = await createSchool(database, slug);
  const run = await school.request({ entities: ['orgs'] });
  await school.engine.begin(run);
  return {
    school,
    run,
    load: (spoil: typeof asItIs) => school.engine.load(run, 'orgs', longText(spoil), hooks()),
  };
}

test('a long text comes in whole, each row once and with its line', async () => {
  const { school, run, load } = await begin('long');
  const loaded = await load(asItIs);
  expect(loaded.rows).toBe(rows);
  const seals = new Map([['orgs' as const, loaded.seal!]]);
  await school.engine.validate(run, seals, hooks().signal);
  await school.engine.plan(run, seals, hooks().signal);
  await school.engine.apply(run, { removals: true, now: new Date(), signal: hooks().signal });
  const { rows: found } = await database.superuser.query(
    `select count(*)::int as rows, count(distinct line)::int as lines, min(line) as first, max(line) as last,
       bool_and(sourced_id = 'o' || line and name like '% ' || line) as "areTheirs"
     from roster_org where tenant_id = $1 and connection_id = $2`,
    [school.tenantId, school.connectionId],
  );
  expect(found).toEqual([{ rows, lines: rows, first: 2, last: rows + 1, areTheirs: true }]);
  await school.end(run);
});

test('where a row of it cannot be read the load fails with that row, and reading again brings all of it', async () => {
  const { school, run, load } = await begin('long-broken');
  const broken = load((block, text) => (block === 35 ? 'no line,o1,School,school\n' : text));
  await expect(broken).rejects.toMatchObject({ code: '22P02' });
  await school.engine.forget(run, 'orgs');
  const loaded = await load(asItIs);
  expect(loaded.rows).toBe(rows);
  expect((await school.engine.begin(run)).staged.get('orgs')).toBe(rows);
  await school.end(run);
});
