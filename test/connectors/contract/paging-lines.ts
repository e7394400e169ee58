import { expect } from 'vitest';
import type { ConnectorFailure } from '../../../contracts/connector.ts';
import { createSmallRoster } from '../../support/small-roster.ts';
import type { Faults, Harness, SimulatedSource } from './harness.ts';
import { emptyStaged, readFull, readInto, resume, type Staged } from './reading.ts';
import { failureOf, type Line, pagesOnly, withSource } from './world.ts';

/** Reads against a disturbed source: what comes out has to be the same as without. */
const staysWhole = (faults: Faults) => (harness: Harness) =>
  withSource(harness, async ({ source, open }) => {
    const calm = await readFull(open(), harness.entity);
    source.disturb(faults);
    const disturbed = await readFull(open(), harness.entity);
    expect(disturbed.rows).toEqual(calm.rows);
    expect(disturbed.seal).toBeDefined();
  });

/** Reads against a source that fails after a page: nothing is sealed, and the failure is told from others. */
const fails =
  (answer: NonNullable<Faults['answer']>, expected: readonly ConnectorFailure[]) => (harness: Harness) =>
    withSource(harness, async ({ source, open }) => {
      const calm = await readFull(open(), harness.entity);
      source.disturb({ answer });
      const staged = emptyStaged();
      const error = await failureOf(readInto(staged, open(), fullRequest(harness)));
      expect(expected).toContain(error.failure);
      expect(staged.seal).toBeUndefined();
      source.disturb({});
      const resumed = await resume(staged, open(), harness.entity);
      expect(resumed.rows).toEqual(calm.rows);
      expect(resumed.seal).toBeDefined();
    });

const fullRequest = ({ entity }: Harness) => ({
  entity,
  mode: 'full' as const,
  state: undefined,
  resumes: false,
});

/** Rows come or go while pages are read: what was there all the time must be there, or nothing is sealed. */
const survives = (change: (source: SimulatedSource, ids: readonly string[]) => void) => (harness: Harness) =>
  withSource(harness, async ({ source, open }) => {
    const { entity } = harness;
    const before = source.ids(entity) ?? [];
    const staged = await readFull(open(), entity, {
      afterPart: (part) => {
        if (part === 1) change(source, before);
      },
    });
    const after = new Set(source.ids(entity));
    const missing = before.filter((id) => after.has(id) && !staged.rows.has(id));
    expect(staged.seal === undefined ? [] : missing).toEqual([]);
  });

const json = { 'content-type': 'application/json' };

/** What a source of pages may do to its reader. */
export const pagingLines: readonly Line[] = [
  {
    rule: 'a row that is put in while pages are read pushes none out',
    without: pagesOnly,
    keep: (harness) =>
      survives((source, ids) => {
        const [row] = createSmallRoster()[harness.entity] ?? [];
        if (row === undefined || ids.length === 0) throw new Error('the roster has no such rows');
        // Before all others in the order of ids.
        source.put(harness.entity, { ...row, sourcedId: '0-first' });
      })(harness),
  },
  {
    rule: 'a row that is taken out while pages are read takes none with it',
    without: pagesOnly,
    keep: (harness) => survives((source, [first = '']) => source.remove(harness.entity, first))(harness),
  },
  {
    rule: 'a source that gives fewer rows than asked for is read to its end',
    without: pagesOnly,
    keep: staysWhole({ mostRows: 7 }),
  },
  {
    rule: 'a source that names no totals is read to its end',
    without: pagesOnly,
    keep: staysWhole({ omitsTotals: true }),
  },
  {
    rule: 'cut pages without totals are read to their end',
    without: pagesOnly,
    keep: staysWhole({ mostRows: 7, omitsTotals: true }),
  },
  { rule: 'a page that comes twice does no harm', without: pagesOnly, keep: staysWhole({ repeatsPage: 1 }) },
  {
    rule: 'a 401 in the middle asks for other settings, and seals nothing',
    without: pagesOnly,
    keep: fails({ status: 401, afterPages: 1 }, ['settings', 'refused']),
  },
  {
    rule: 'a 429 in the middle is waited out as the source asks',
    without: pagesOnly,
    keep: (harness) =>
      withSource(harness, async ({ source, open }) => {
        const calm = await readFull(open(), harness.entity);
        source.disturb({
          answer: {
            status: 429,
            headers: { 'retry-after': '77' },
            body: 'slow down',
            afterPages: 1,
            times: 1,
          },
        });
        const opened = open();
        const start = opened.clock.now();
        const staged: Staged = await readFull(opened, harness.entity);
        expect(staged.rows).toEqual(calm.rows);
        expect(opened.clock.now() - start).toBeGreaterThanOrEqual(77_000);
      }),
  },
  {
    rule: 'a 500 in the middle is tried again later, from where it stood',
    without: pagesOnly,
    keep: fails({ status: 500, body: 'oops', afterPages: 1 }, ['unavailable']),
  },
  {
    rule: 'a 200 in a wrong envelope is a failure and never the end',
    without: pagesOnly,
    keep: async (harness) => {
      for (const body of ['{"message":"none"}', '{}', '[]', 'null', '{"users":null,"orgs":{}}']) {
        await fails({ status: 200, headers: json, body, afterPages: 1 }, ['answer_invalid'])(harness);
        await fails({ status: 200, headers: json, body, afterPages: 0 }, ['answer_invalid'])(harness);
      }
    },
  },
  {
    rule: 'a web page in place of data is a failure',
    without: pagesOnly,
    keep: fails(
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Sign in</p>', afterPages: 1 },
      ['answer_invalid'],
    ),
  },
];
