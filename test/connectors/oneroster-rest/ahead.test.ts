import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { rowsOf } from '../../../src/demo/sis/oneroster/shelves.ts';
import { manyOrgs, startRest } from './reading-rest.ts';

const start = (modes = {}, count = 35) => startRest({ source: rowsOf({ orgs: manyOrgs(count) }), modes });
const allOf = (count: number) => manyOrgs(count).map(({ sourcedId }) => sourcedId);

test('no page is asked for twice or in vain because the next one is asked for ahead', async () => {
  const { read, sis } = await start({ links: false });
  expect((await read('orgs')).ids).toEqual(allOf(35));
  expect(sis.calls.map((call) => /offset=(\d+)/.exec(call)?.[1])).toEqual(['0', '9', '18', '27']);
});

test('while one page is on its way the next one is asked for, and never a third', async () => {
  const { read, sis } = await start({ links: false }, 90);
  let asked = 0;
  // The third page is not given before the fourth is asked for.
  const third = async () => {
    await vi.waitFor(() => expect(sis.calls.length).toBeGreaterThan(3));
    for (let turn = 0; turn < 50; turn++) await nextTurn();
    asked = sis.calls.length;
  };
  sis.faults.add({ kind: 'meanwhile', do: third }, { list: 'orgs', after: 2 });
  expect((await read('orgs')).ids).toEqual(allOf(90));
  expect(asked).toBe(4);
  expect(sis.calls).toHaveLength(10);
});

test('where no total says that there is more, the next page is asked for while the one before is taken in', async () => {
  const { read, sis } = await start({ totals: false, links: false });
  const asked: number[] = [];
  const afterPage = async () => {
    for (let turn = 0; turn < 50; turn++) await nextTurn();
    asked.push(sis.calls.length);
  };
  expect((await read('orgs', { afterPage })).ids).toEqual(allOf(35));
  expect(asked.slice(0, 3)).toEqual([2, 3, 4]);
});

test('rows that go while two pages are on their way are not taken for others', async () => {
  const all = allOf(60);
  for (const gone of [
    all.slice(0, 1),
    all.slice(0, 2),
    all.slice(18, 21),
    all.slice(27, 28),
    all.slice(40, 41),
  ]) {
    const { read, sis } = await start({ links: false }, 60);
    const remove = () => {
      for (const id of gone) sis.shelves.remove('orgs', id);
    };
    // The fourth page is made before the third, which then lacks rows or holds some of the fourth's.
    const third = async () => {
      await vi.waitFor(() => expect(sis.calls.length).toBeGreaterThan(3));
      remove();
    };
    sis.faults.add({ kind: 'meanwhile', do: third }, { list: 'orgs', after: 2 });
    const { ids } = await read('orgs');
    expect(ids, `gone: ${gone}`).toEqual([...new Set(ids)]);
    expect(ids).toEqual(expect.arrayContaining(all.filter((id) => !gone.includes(id))));
  }
});

test('a page that was asked for ahead is not used where rows have moved meanwhile', async () => {
  const { read, sis } = await start({ links: false }, 60);
  // While the third page is made, rows go from before it: the fourth is on its way by then.
  sis.faults.add(
    {
      kind: 'meanwhile',
      do: () => {
        for (const number of ['000', '001']) sis.shelves.remove('orgs', `org-${number}`);
      },
    },
    { list: 'orgs', after: 2 },
  );
  const { ids, seal } = await read('orgs');
  expect(ids).toEqual(allOf(60));
  expect(seal).toBeDefined();
});

test('a failure of a page that was asked for ahead is met where that page is due', async () => {
  const { read, sis } = await start({ links: false });
  sis.faults.add({ kind: 'envelope' }, { list: 'orgs', after: 2, times: 99 });
  const pages: number[] = [];
  const reading = read('orgs', { afterPage: (page) => pages.push(page) });
  await expect(reading).rejects.toMatchObject({ code: 'envelope_wrong' });
  expect(pages).toEqual([1, 2]);
});
