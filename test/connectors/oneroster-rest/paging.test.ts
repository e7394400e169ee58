import { expect, test } from 'vitest';
import { rowsOf } from '../../../src/demo/sis/oneroster/shelves.ts';
import { manyOrgs, org, startRest } from './reading-rest.ts';

const start = (modes = {}, count = 35) => startRest({ source: rowsOf({ orgs: manyOrgs(count) }), modes });
const allOf = (count: number) => manyOrgs(count).map(({ sourcedId }) => sourcedId);

test('a list is read page by page to its total, and sealed with it', async () => {
  const { read, sis } = await start();
  const { ids, seal, checkpoints } = await read('orgs');
  expect(ids).toEqual(allOf(35));
  expect(seal?.expected).toBe(35);
  expect(checkpoints.length).toBeGreaterThan(3);
  expect(sis.calls[0]).toBe(
    '/ims/oneroster/rostering/v1p2/orgs?limit=10&offset=0&sort=sourcedId&orderBy=asc',
  );
});

test('a limit that is cut is believed: the next page begins after the rows that came', async () => {
  const { read } = await start({ mostRows: 4, totals: false, links: false });
  const { ids, seal } = await read('orgs');
  expect(ids).toEqual(allOf(35));
  expect(seal?.expected).toBeUndefined();
  expect(seal?.state).toBeDefined();
});

test('a total that is the number of rows in the answer is not believed', async () => {
  for (const mostRows of [4, 10, 1_000]) {
    const { read } = await start({ mostRows, totals: 'page', links: false });
    const { ids, seal } = await read('orgs');
    expect(ids).toEqual(allOf(35));
    expect(seal).toBeDefined();
  }
});

test('pages of a single row are read to their end', async () => {
  const { read } = await start({ mostRows: 1, links: false }, 5);
  expect((await read('orgs')).ids).toEqual(allOf(5));
});

test('pages without a row in common and without totals are read until the same rows have come twice', async () => {
  for (const modes of [{ mostRows: 1 }, { wholePages: true }]) {
    const { read, sis } = await start({ ...modes, totals: false, links: false }, 35);
    const calm = await read('orgs');
    expect([calm.ids, calm.codes]).toEqual([[...allOf(35), ...allOf(35)], []]);
    expect(calm.seal).toMatchObject({ expected: undefined });
    sis.faults.add(
      { kind: 'meanwhile', do: () => sis.shelves.remove('orgs', 'org-003') },
      { list: 'orgs', after: 6 },
    );
    const moved = await read('orgs');
    expect([moved.seal, moved.codes]).toEqual([undefined, ['pages_unstable']]);
  }
});

test('links that count with the limit asked for, and so end too early, lose no rows', async () => {
  const { read } = await start({ mostRows: 4, totals: false, links: 'asked' });
  expect((await read('orgs')).ids).toEqual(allOf(35));
});

test('links that name pages by a mark are followed to their end', async () => {
  const { read, sis } = await start({ totals: false, links: 'opaque' });
  const { ids, seal } = await read('orgs');
  expect(ids).toEqual(allOf(35));
  expect(seal).toBeDefined();
  expect(sis.calls.filter((call) => call.includes('mark='))).toHaveLength(3);
});

test('a next link to another origin is not followed, and does no harm where the hub counts itself', async () => {
  const counted = await start({ linkOrigin: 'https://elsewhere.example' });
  expect((await counted.read('orgs')).ids).toEqual(allOf(35));
  const { read } = await start({ linkOrigin: 'https://elsewhere.example', links: 'opaque' });
  await expect(read('orgs')).rejects.toMatchObject({
    failure: 'answer_invalid',
    code: 'next_link_elsewhere',
  });
});

test('where a vendor is known for foreign links, pages are counted', async () => {
  const { read } = await start({ linkOrigin: 'https://elsewhere.example', totals: false });
  expect((await read('orgs', { settings: { vendor: 'classlink' } })).ids).toEqual(allOf(35));
});

test('a source that rounds the offset down to whole pages is read to its end', async () => {
  const { read } = await start({ wholePages: true, links: false });
  expect((await read('orgs')).ids).toEqual(allOf(35));
});

test('a source that does not heed the offset is an error, never the end', async () => {
  const { read } = await start({ ignores: new Set(['offset']), totals: false, links: false });
  await expect(read('orgs')).rejects.toMatchObject({ failure: 'answer_invalid', code: 'page_repeated' });
});

test('a page that comes twice is asked for once more', async () => {
  const { read, sis } = await start({ totals: false, links: false });
  sis.faults.add({ kind: 'repeat' }, { list: 'orgs', after: 2 });
  expect((await read('orgs')).ids).toEqual(allOf(35));
});

test('rows that are taken out meanwhile take none with them', async () => {
  for (const totals of [true, false]) {
    const { read, sis } = await start({ totals, links: false });
    const takeOut = () =>
      ['org-001', 'org-002', 'org-009'].forEach((id) => void sis.shelves.remove('orgs', id));
    sis.faults.add({ kind: 'meanwhile', do: takeOut }, { list: 'orgs', after: 1 });
    const { ids, seal } = await read('orgs');
    expect(ids).toEqual(allOf(35));
    expect(seal).toBeDefined();
  }
});

test('an empty page where the last row should stand again is no end', async () => {
  const { read, sis } = await start({ totals: false, links: false }, 21);
  const takeOut = () => {
    for (const id of ['org-001', 'org-002', 'org-003']) sis.shelves.remove('orgs', id);
  };
  sis.faults.add({ kind: 'meanwhile', do: takeOut }, { list: 'orgs', after: 2 });
  expect((await read('orgs')).ids).toEqual(allOf(21));
});

test('a list that is emptied meanwhile ends', async () => {
  const { read, sis } = await start({ totals: false, links: false }, 21);
  const takeOut = () => {
    for (const id of allOf(21)) sis.shelves.remove('orgs', id);
  };
  sis.faults.add({ kind: 'meanwhile', do: takeOut }, { list: 'orgs', after: 2 });
  const { ids } = await read('orgs');
  expect(ids).toEqual(allOf(19));
});

test('rows that are put in meanwhile push none out, and come once', async () => {
  const { read, sis } = await start({ totals: false, links: false });
  const putIn = () => sis.shelves.put('orgs', org('000a'));
  sis.faults.add({ kind: 'meanwhile', do: putIn }, { list: 'orgs', after: 2 });
  const { ids, seal } = await read('orgs');
  expect(ids).toEqual(allOf(35));
  expect(seal).toBeDefined();
});

test('a row that comes to where an ordered reading has been can wait for the next run', async () => {
  const { read, sis } = await start();
  const putIn = () => sis.shelves.put('orgs', org('000a'));
  sis.faults.add({ kind: 'meanwhile', do: putIn }, { list: 'orgs', after: 2 });
  const { ids, seal } = await read('orgs');
  expect([ids, seal?.expected]).toEqual([allOf(35), 35]);
});

test('a row that moves to where the reading has been is found in a second pass', async () => {
  const { read, sis } = await start({ ignores: new Set(['sort']) });
  const move = () => {
    sis.shelves.remove('orgs', 'org-030');
    sis.shelves.put('orgs', { ...org(30), dateLastModified: '2026-11-01T00:00:00.000Z' }, 0);
  };
  sis.faults.add({ kind: 'meanwhile', do: move }, { list: 'orgs', after: 2 });
  const { ids, seal } = await read('orgs');
  expect(new Set(ids)).toEqual(new Set(allOf(35)));
  // Rows of two passes have no number that could be compared.
  expect(seal).toMatchObject({ expected: undefined });
});

test('a list that never stands still is not sealed', async () => {
  const { read, sis } = await start({ ignores: new Set(['sort']) });
  let count = 100;
  const putIn = () => {
    count += 1;
    sis.shelves.put('orgs', org(count), 0);
  };
  sis.faults.add({ kind: 'meanwhile', do: putIn }, { list: 'orgs', times: Number.POSITIVE_INFINITY });
  const { codes, seal } = await read('orgs');
  expect(codes).toContain('pages_unstable');
  expect(seal).toBeUndefined();
});

test('a list that is another one at every call is given up', async () => {
  const { read, sis } = await start({ totals: false, links: false });
  let round = 0;
  const replace = () => {
    for (const { sourcedId } of sis.shelves.rows('orgs')) sis.shelves.remove('orgs', sourcedId);
    round += 1;
    for (let index = 0; index < 35; index += 1) sis.shelves.put('orgs', org(`${round}-${index}`));
  };
  sis.faults.add({ kind: 'meanwhile', do: replace }, { list: 'orgs', times: Number.POSITIVE_INFINITY });
  const { codes, seal } = await read('orgs');
  expect([codes, seal]).toEqual([['pages_unstable'], undefined]);
});

test('a list of which no row can be used is not an empty one', async () => {
  for (const totals of [true, false]) {
    const rows = manyOrgs(25).map((row) => ({ ...row, sourcedId: '' }));
    const { read } = await startRest({ source: rowsOf({ orgs: rows }), modes: { totals, links: false } });
    const { ids, findings, seal } = await read('orgs');
    expect([ids, seal]).toEqual([[], undefined]);
    // Without ids no page can begin with the row before: without a total it is read twice.
    expect(findings.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(totals ? 25 : 50);
  }
});

test('without totals, rows that move in a list without order are noticed', async () => {
  const mixed = manyOrgs(35).toSorted((a, b) =>
    (a.sourcedId.at(-1) ?? '').localeCompare(b.sourcedId.at(-1) ?? ''),
  );
  const { read, sis } = await startRest({
    source: rowsOf({ orgs: mixed }),
    modes: { totals: false, links: false, refuses: new Set(['sort']) },
  });
  const move = () => {
    sis.shelves.remove('orgs', 'org-019');
    sis.shelves.put('orgs', org(19), 0);
  };
  sis.faults.add({ kind: 'meanwhile', do: move }, { list: 'orgs', after: 3 });
  const { ids, codes, seal } = await read('orgs');
  expect(codes).toContain('sort_refused');
  expect(new Set(ids)).toEqual(new Set(allOf(35)));
  expect(seal).toBeDefined();
});

test('an empty list is whole, and empty', async () => {
  for (const totals of [true, false]) {
    const { read } = await start({ totals, links: totals }, 0);
    const { ids, seal } = await read('orgs');
    expect([ids, seal?.expected]).toEqual([[], totals ? 0 : undefined]);
  }
});

test('a 404 past the last row is the end', async () => {
  const { read, sis } = await start({ totals: false, links: false, mostRows: 2 }, 2);
  sis.faults.add({ kind: 'answer', status: 404, body: '{}' }, { list: 'orgs', after: 1 });
  const { ids, seal } = await read('orgs');
  expect([ids, seal !== undefined]).toEqual([allOf(2), true]);
});

test('a read goes on from each of its checkpoints', async () => {
  for (const modes of [
    {},
    { totals: false, links: false, mostRows: 4 },
    { totals: false, links: 'opaque' as const },
  ]) {
    const { read } = await start(modes);
    const whole = await read('orgs');
    for (const [index, state] of whole.checkpoints.entries()) {
      const { ids, seal } = await read('orgs', { request: { state, resumes: true } });
      const before = whole.ids.slice(0, 35 - ids.length);
      expect([...before, ...ids], `from page ${index}`).toEqual(allOf(35));
      expect(seal?.expected).toBe(whole.seal?.expected);
    }
  }
});

test('a checkpoint whose place is gone begins anew, without a number to compare', async () => {
  const { read, sis } = await start();
  const { checkpoints } = await read('orgs');
  for (const id of allOf(12)) sis.shelves.remove('orgs', id);
  const { ids, seal } = await read('orgs', { request: { state: checkpoints[1], resumes: true } });
  expect(ids).toEqual(allOf(35).slice(12));
  expect(seal).toMatchObject({ expected: undefined });
});
