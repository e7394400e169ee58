import { expect, test } from 'vitest';
import { csv, headers, manifest, read } from './packages.ts';

test('a comma at the end of every row is understood in the small files of a package as in its large one', async () => {
  const users = Array.from({ length: 12 }, (_, i) => `u${i},,,true,n${i},,Ann,Bee,,,,,,,,,,,,,s1,,`);
  const files = {
    'manifest.csv': manifest('1.2', { orgs: 'bulk', users: 'bulk' }).replaceAll('\r\n', ',\r\n'),
    'orgs.csv': csv(headers.orgs, 'd,,,District,district,,,', 's1,,,North,school,17,d,'),
    'users.csv': csv(headers.users12, ...users),
  };
  expect(await read(files, 'orgs')).toMatchObject({
    rows: [{ sourcedId: 'd' }, { sourcedId: 's1', identifier: '17', parentSourcedId: 'd' }],
    seal: { expected: 2 },
  });
  // Where the large file has none, a name has a comma without quotes.
  const moved = { ...files, 'users.csv': csv(headers.users12, ...users.map((row) => row.slice(0, -1))) };
  expect(await read(moved, 'orgs')).toMatchObject({ rows: [], seal: undefined });
  const more = { ...files, 'orgs.csv': csv(headers.orgs, 'd,,,Unified, CA,district,,,') };
  expect((await read(more, 'orgs')).rows).toEqual([]);
  const { 'users.csv': _, ...alone } = files;
  expect((await read(alone, 'orgs')).rows).toEqual([]);
});

test('a row of commas at the end does not make a whole file of one that looks like changes', async () => {
  const change = (n: number) => `s${n},active,2026-08-20T00:00:00.000Z,South,school,,`;
  const changes = Array.from({ length: 12 }, (_, n) => change(n));
  const files = {
    'manifest.csv': manifest('1.2', { orgs: '' }),
    'orgs.csv': csv(headers.orgs, ...changes, ',,,,,,'),
  };
  const { codes, seal } = await read(files, 'orgs');
  expect(codes).toContain('mode_doubtful');
  expect(seal).toBeUndefined();
});
