import { expect, test } from 'vitest';
import { csv, headers, manifest, orgs, read } from './packages.ts';

const day = (date: number, month = 8) => Date.UTC(2026, month - 1, date);
const iso = (time: number) => new Date(time).toISOString();
const delta = {
  'manifest.csv': manifest('1.2', { orgs: 'delta', users: 'absent' }),
  'orgs.csv': csv(headers.orgs, 's2,tobedeleted,2026-08-20T00:00:00.000Z,South,school,,d'),
};
const bulk = { 'manifest.csv': manifest('1.2', { orgs: 'bulk' }), 'orgs.csv': orgs };

test('a package that is older than the last one gives nothing, which is told; the same once more gives the same', async () => {
  const again = (state: string) => read(delta, 'orgs', { mode: 'delta', modifiedAt: day(20), state });
  expect(await again('2099-01-01T00:00:00.000Z')).toMatchObject({
    rows: [],
    codes: ['package_is_old'],
    seal: { expected: 0, state: '2099-01-01T00:00:00.000Z' },
  });
  expect(await again('2026-08-20T00:00:00.000Z')).toMatchObject({ codes: [], rows: [{ sourcedId: 's2' }] });
});

test('what a delta leaves out has not changed until it was made', async () => {
  expect(await read(delta, 'users', { mode: 'delta', state: 'x' })).toMatchObject({
    rows: [],
    seal: { expected: 0, state: 'x' },
  });
  const dated = { mode: 'delta', modifiedAt: day(20), state: iso(day(19)) } as const;
  expect((await read(delta, 'users', dated)).seal).toMatchObject({ state: iso(day(20)) });
});

test('archives of changes between the last one read and the newest are told, those read before are not', async () => {
  const dates = { modifiedAt: day(23), passedOver: [day(22), day(21), day(20)] };
  const told = async (state: number | undefined, mode: 'full' | 'delta' = 'delta', files: object = delta) =>
    (await read({ ...files }, 'orgs', { ...dates, mode, state: state === undefined ? state : iso(state) }))
      .codes;
  expect(await told(day(20))).toEqual(['packages_skipped']);
  expect(await told(day(22))).toEqual([]);
  expect(await told(undefined)).toEqual(['packages_skipped']);
  expect(await told(undefined, 'full')).toEqual(['packages_skipped', 'package_is_delta']);
  // A whole package makes up for all before it.
  expect(await told(undefined, 'full', bulk)).toEqual([]);
  expect(await told(day(20), 'delta', bulk)).toEqual(['package_is_bulk']);
  // One that is whole in part does not.
  const mixed = {
    ...bulk,
    'manifest.csv': manifest('1.2', { orgs: 'bulk', users: 'delta' }),
    'users.csv': csv(headers.users12, 'u1,active,2026-08-20T00:00:00.000Z,true,ann,,Ann,Bee,,,,,,,,,,,,,,'),
  };
  expect(await told(day(20), 'delta', mixed)).toEqual(['packages_skipped', 'package_is_bulk']);
});

test('a package dated in the future is taken as made now, and told', async () => {
  const now = day(21, 11);
  const first = await read(delta, 'orgs', {
    mode: 'delta',
    modifiedAt: Date.UTC(2027, 10, 23),
    state: iso(day(20)),
  });
  expect(first).toMatchObject({ codes: ['package_from_future'], rows: [{}], seal: { state: iso(now) } });
  const state = first.seal?.state;
  const ahead = await read(delta, 'orgs', { mode: 'delta', modifiedAt: now + 60_000, state });
  expect(ahead).toMatchObject({ codes: [], rows: [{}], seal: { state: iso(now) } });
});
