import { expect, test } from 'vitest';
import { addressOf, decideLess, type Query, without } from '../../../connectors/oneroster-rest/query.ts';
import { rowsOf } from '../../../src/demo/sis/oneroster/shelves.ts';
import { serve } from '../../platform/outbound/loopback-server.ts';
import { createSmallRoster } from '../../support/small-roster.ts';
import { startRest } from './reading-rest.ts';

const query: Query = { limit: 5_000, offset: 10, sort: 'sourcedId', filter: "a>='b c+d'", fields: 'x,y' };

test('every sign that could mean something is encoded, spaces not as plus', () => {
  expect(addressOf('https://sis.example/users', query)).toBe(
    'https://sis.example/users?limit=5000&offset=10&sort=sourcedId&orderBy=asc&filter=a%3E%3D%27b%20c%2Bd%27&fields=x%2Cy',
  );
});

test('a refused question loses the part that the source names, else the likeliest, until nothing is left', () => {
  expect(decideLess(query, ['invalid_filter_field'])).toBe('filter');
  expect(decideLess(query, ['invalid_selection_field'])).toBe('fields');
  const order = [];
  for (let left: Query | undefined = query; left !== undefined; ) {
    const part = decideLess(left, ['unknown_code']);
    if (part !== undefined) order.push(part);
    left = part === undefined ? undefined : without(left, part);
  }
  expect(order).toEqual(['sort', 'fields', 'limit', 'limit', 'limit', 'filter']);
});

test('a source that refuses fields gives roles all the same, and is not asked that way again', async () => {
  const { read, sis } = await startRest({
    source: rowsOf(createSmallRoster()),
    modes: { refuses: new Set(['fields', 'sort']) },
  });
  const { rows, codes, seal } = await read('roles');
  expect(rows).toHaveLength(60);
  expect([codes, seal?.expected]).toEqual([['sort_refused'], 60]);
  // Refused for the sort, then for the fields; the other pages are asked for without either.
  expect(sis.calls.map((call) => call.includes('fields=')).slice(0, 4)).toEqual([true, true, false, false]);
});

test('a source that refuses a large limit is asked for less, down to the default of the specification', async () => {
  for (const [times, limit] of [
    [2, 1_000],
    [3, 500],
    [4, 100],
  ] as const) {
    const { read, sis } = await startRest({ source: rowsOf(createSmallRoster(150)) });
    sis.faults.add({ kind: 'answer', status: 400, body: 'limit too large' }, { list: 'users', times });
    expect((await read('users', { settings: { pageSize: 5_000 } })).ids).toHaveLength(150);
    expect(sis.calls.at(-1)).toContain(`limit=${limit}&`);
  }
});

test('a page that is larger than an answer may be is asked for in smaller ones', async () => {
  const asked: string[] = [];
  const { port } = await serve((request, response) => {
    const limit = new URL(request.url ?? '', 'http://sis.example').searchParams.get('limit') ?? '';
    asked.push(limit);
    response.setHeader('content-type', 'application/json');
    const filling = ' '.repeat(Number(limit) > 1_000 ? 65 * 1024 * 1024 : 0);
    response.setHeader('x-total-count', '0');
    response.end(`{"orgs":[]${filling}}`);
  });
  const { read } = await startRest({ source: rowsOf({}) });
  const settings = { baseUrl: `http://127.0.0.1:${port}`, auth: 'token', pageSize: 20_000 };
  expect((await read('orgs', { settings })).seal).toBeDefined();
  expect(asked).toEqual(['20000', '5000', '1000']);
});

test('a question that is refused in every form is a failure', async () => {
  const { read, sis } = await startRest({ source: rowsOf(createSmallRoster()) });
  sis.faults.add({ kind: 'answer', status: 400, body: 'no' }, { list: 'users', times: 9 });
  await expect(read('users')).rejects.toMatchObject({ failure: 'answer_invalid', code: 'request_refused' });
});

test('roles are read with the few members they need; a person at two schools stays two users', async () => {
  const rows = createSmallRoster(2);
  const twin = { ...rows.users![0]!, sourcedId: 'user-of-other-school' };
  const { read, sis } = await startRest({ source: rowsOf({ ...rows, users: [...rows.users!, twin] }) });
  expect((await read('roles')).rows).toHaveLength(2);
  expect(sis.calls[0]).toContain('fields=sourcedId%2Cstatus%2CdateLastModified%2Croles');
  const users = await read('users');
  expect(users.rows.filter(({ values }) => values.identifier === twin.values.identifier)).toHaveLength(2);
});
