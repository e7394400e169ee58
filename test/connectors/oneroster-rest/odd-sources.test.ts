import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { rowsOf } from '../../../src/demo/sis/oneroster/shelves.ts';
import { serve } from '../../platform/outbound/loopback-server.ts';
import { startRest } from './reading-rest.ts';

interface Call {
  readonly url: URL;
  readonly offset: number;
  readonly limit: number;
  /** Counts up from 1. */
  readonly number: number;
  /** Calls under way, this one included. */
  readonly abreast: number;
}
interface Given {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ids?: readonly string[];
  readonly body?: string;
}

const idsOf = (count: number) => Array.from({ length: count }, (_, n) => `id-${String(n).padStart(3, '0')}`);

/** A source that answers as it is told, and what was asked. */
async function startOdd(answer: (call: Call) => Given | Promise<Given>, collection = 'orgs') {
  let under = 0;
  const calls: Call[] = [];
  const { port } = await serve(async (request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`);
    under += 1;
    const [offset, limit] = ['offset', 'limit'].map((name) => Number(url.searchParams.get(name)));
    const call = { url, offset: offset ?? 0, limit: limit ?? 0, number: calls.length + 1, abreast: under };
    calls.push(call);
    const { status = 200, headers = {}, ids = [], body } = await answer(call);
    under -= 1;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(
      status === 204
        ? undefined
        : (body ?? JSON.stringify({ [collection]: ids.map((sourcedId) => ({ sourcedId })) })),
    );
  });
  const { read } = await startRest({ source: rowsOf({}) });
  const settings = { baseUrl: `http://127.0.0.1:${port}`, auth: 'token', pageSize: 10 };
  return {
    calls,
    origin: `http://127.0.0.1:${port}`,
    read: (entity: Parameters<typeof read>[0] = 'orgs') => read(entity, { settings }),
  };
}

const cut = (all: readonly string[], { offset, limit }: Call) => all.slice(offset, offset + limit);
const total = (all: readonly unknown[]) => ({ 'x-total-count': String(all.length) });

test('a row that goes while links with page numbers are followed takes none with it', async () => {
  const here = new Set(idsOf(50));
  const { read } = await startOdd(({ url, number }) => {
    if (number === 3) here.delete('id-003');
    const all = [...here];
    const page = Number(url.searchParams.get('page') ?? 0);
    const link =
      10 * (page + 1) < all.length
        ? `<${url.origin}${url.pathname}?page=${page + 1}>; rel="next"`
        : '<x>; rel="prev"';
    return { ids: all.slice(10 * page, 10 * page + 10), headers: { ...total(all), link } };
  });
  const { ids, seal } = await read();
  expect(seal).toBeDefined();
  expect(new Set(ids)).toEqual(new Set(idsOf(50)));
});

test('a link that leads nowhere is no end: the hub counts by itself', async () => {
  for (const status of [400, 404, 410]) {
    const all = idsOf(50);
    const { read } = await startOdd((call) =>
      call.url.searchParams.has('cursor')
        ? { status, body: '{}' }
        : { ids: cut(all, call), headers: { link: '<?cursor=a>; rel="next"' } },
    );
    const { ids, seal } = await read();
    expect([new Set(ids), seal !== undefined], String(status)).toEqual([new Set(all), true]);
  }
});

test('an empty page with a next one is no end, and a cursor needs no link on its last page', async () => {
  const all = idsOf(40);
  const { read, calls } = await startOdd(({ url }) => {
    const at = Number(url.searchParams.get('cursor')?.slice(1) ?? 0);
    const ids = at === 20 ? [] : all.slice(at, at + 10);
    const headers: Record<string, string> = at < 30 ? { link: `<?cursor=c${at + 10}>; rel="next"` } : {};
    return { ids, headers };
  });
  const { ids, seal } = await read();
  expect([ids, seal !== undefined]).toEqual([all.filter((_, place) => place < 20 || place >= 30), true]);
  expect(calls).toHaveLength(4);
});

test('links in a circle end the read', async () => {
  for (const pages of [1, 2, 5, 9]) {
    const { read, calls } = await startOdd(({ url }) => {
      const page = Number(url.searchParams.get('at') ?? 0);
      const ids = idsOf(10).map((id) => `${page}-${id}`);
      return {
        ids,
        headers: { link: `<?at=${(page + 1) % pages}>; rel="next"`, 'x-total-count': String(10 * pages) },
      };
    });
    await expect(read()).rejects.toMatchObject({ code: 'page_repeated' });
    expect(calls.length).toBeLessThan(60);
  }
});

test('a total that stops counting at a bound, or is wrong for once, ends nothing', async () => {
  const all = idsOf(60);
  const capped = await startOdd((call) => ({ ids: cut(all, call), headers: { 'x-total-count': '28' } }));
  expect((await capped.read()).ids).toEqual(all);
  const once = await startOdd((call) => ({
    ids: cut(all, call),
    headers: { 'x-total-count': call.number === 3 ? '28' : '60' },
  }));
  expect((await once.read()).ids).toEqual(all);
});

test('a list that is empty by mistake is asked for once more', async () => {
  const all = idsOf(35);
  const { read } = await startOdd((call) => ({ ids: call.number === 1 ? [] : cut(all, call) }));
  expect((await read()).ids).toEqual(all);
});

describe('a source that fails at a call beside another is read one page at a time', () => {
  const failures: Record<string, Given> = {
    '400': { status: 400, body: '{}' },
    '401': { status: 401, body: '{}' },
    '403': { status: 403, body: '{}' },
    '404': { status: 404, body: '{}' },
    '429': { status: 429, body: '{}' },
    '500': { status: 500, body: '{}' },
    'a web page': { headers: { 'content-type': 'text/html' }, body: '<html>' },
    'an empty list': { ids: [], headers: { 'x-total-count': '100' } },
  };
  for (const [name, failure] of Object.entries(failures)) {
    test(name, async () => {
      const all = idsOf(100);
      let busy = 0;
      const { read, calls } = await startOdd(async (call) => {
        busy += 1;
        const isSecond = busy > 1;
        // Long enough for another call to come.
        for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
        busy -= 1;
        return isSecond ? failure : { ids: cut(all, call), headers: total(all) };
      });
      const { ids, seal } = await read();
      expect([ids, seal?.expected]).toEqual([all, 100]);
      expect(calls.length).toBeLessThan(22);
    });
  }
});

describe('a list of one row is read, however the source answers beyond it', () => {
  const beyond: Record<string, Given> = {
    'the row again': { ids: ['id-000'] },
    nothing: { ids: [] },
    '204': { status: 204 },
    '400': { status: 400, body: '{}' },
    '404': { status: 404, body: '{}' },
    '416': { status: 416, body: '{}' },
    '422': { status: 422, body: '{}' },
  };
  for (const [name, past] of Object.entries(beyond)) {
    test(name, async () => {
      for (const headers of [{}, { 'x-total-count': '1' }]) {
        const { read } = await startOdd(({ offset }) => ({
          ...(offset === 0 ? { ids: ['id-000'] } : past),
          headers,
        }));
        const { ids, seal } = await read();
        expect([new Set(ids), seal !== undefined]).toEqual([new Set(['id-000']), true]);
      }
    });
  }
});

test('a short list that is given whole whatever the offset is whole', async () => {
  const { read } = await startOdd(() => ({ ids: idsOf(7), headers: { 'x-total-count': '7' } }));
  const { ids, seal } = await read();
  expect([ids, seal?.expected]).toEqual([idsOf(7), 7]);
});

test('a gradebook that a product does not know is a finding, however it says so', async () => {
  for (const answer of [
    ...[204, 400, 404, 405, 410, 500, 501].map((status) => ({ status, body: '{}' })),
    { body: '{}' },
    { body: '{"lineItems":null}' },
    { headers: { 'content-type': 'text/html' }, body: '<html>' },
  ]) {
    const { read } = await startOdd(() => answer, 'lineItems');
    const { codes, seal } = await read('lineItems');
    expect([codes, seal], JSON.stringify(answer)).toEqual([['endpoint_missing'], undefined]);
  }
});

test('rows that go from the end of a list, at a source with 404 past it, are no failure', async () => {
  const here = new Set(idsOf(35));
  const { read } = await startOdd((call) => {
    if (call.number === 4) for (const id of idsOf(35).slice(20)) here.delete(id);
    const ids = cut([...here], call);
    return ids.length === 0 ? { status: 404, body: '{}' } : { ids };
  });
  const { ids } = await read();
  expect(ids).toEqual(expect.arrayContaining(idsOf(20)));
});

describe('a source that counts in pages and refuses to give one beyond the last is read', () => {
  test.each([
    ['a few rows', 7, {}],
    ['a few rows and their total', 7, { 'x-total-count': '7' }],
    ['a full page and its total', 10, { 'x-total-count': '10' }],
    ['two full pages and their total', 20, { 'x-total-count': '20' }],
  ])('%s', async (_what, count, headers) => {
    const all = idsOf(count);
    const { read } = await startOdd(({ offset, limit }) => {
      const start = Math.floor(offset / limit) * limit;
      if (start >= all.length) return { status: 400, body: '{}' };
      return { ids: all.slice(start, start + limit), headers };
    });
    const { ids, seal } = await read();
    // Without a total they are read twice.
    expect([...new Set(ids)]).toEqual(all);
    expect(seal).toBeDefined();
  });
});
