import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fileLimits } from '../../../../src/sync/host/files/limits.ts';
import { serve } from '../../../platform/outbound/loopback-server.ts';
import { zip } from '../../../support/zip.ts';
import { failureOf, type OpenOptions, openContext, readAll } from '../open-context.ts';

type Reply = { status?: number; headers?: Record<string, string>; body?: Buffer | string; isCut?: boolean };

/** Opens what a server answers with, one reply after the other. */
async function download(replies: Reply[], options: OpenOptions = {}) {
  const seen: unknown[] = [];
  const { port } = await serve((request, response) => {
    seen.push(request.headers.authorization);
    const { status = 200, headers = {}, body = '', isCut } = replies.shift() ?? {};
    response.writeHead(status, headers);
    if (isCut) response.write(body, () => response.destroy());
    else response.end(body);
  });
  const { context, attempts } = openContext(options);
  const url = `http://127.0.0.1:${port}/export/roster.zip?token=hush`;
  const opening = context.files.open({ kind: 'https', url, headers: { Authorization: 'Bearer hush' } });
  return { opening, seen, attempts };
}

const archive = zip([{ name: 'orgs.csv', bytes: 'o1\n' }]);

test('an archive is fetched with the headers it needs, and read', async () => {
  const headers = { 'last-modified': 'Fri, 20 Nov 2026 02:00:00 GMT' };
  const { opening, seen } = await download([{ body: archive, headers }]);
  const files = await opening;
  expect(seen).toEqual(['Bearer hush']);
  expect(files.modifiedAt).toBe(Date.UTC(2026, 10, 20, 2));
  expect((await readAll(files.read('orgs.csv'))).toString()).toBe('o1\n');
});

test('a download that breaks off begins anew', async () => {
  const { opening, attempts } = await download([
    { body: archive.subarray(0, 20), headers: { 'content-length': String(archive.length) }, isCut: true },
    { status: 503 },
    { body: gzipSync(archive), headers: { 'content-encoding': 'gzip' } },
  ]);
  expect((await opening).entries).toEqual([{ name: 'orgs.csv', bytes: 3 }]);
  expect(attempts.map(({ errorCode, status }) => errorCode ?? status)).toEqual([
    'outbound_connection_failed',
    503,
    200,
  ]);
});

test('an address may lead on to where the file lies, which does not get the secret', async () => {
  const seen: unknown[] = [];
  const store = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end(archive);
  });
  const location = `http://127.0.0.1:${store.port}/bucket/roster`;
  const { opening } = await download([{ status: 302, headers: { location } }]);
  expect((await opening).entries).toEqual([{ name: 'orgs.csv', bytes: 3 }]);
  expect(seen).toEqual([undefined]);
});

test('what is no file says why', async () => {
  const failure = async (reply: Reply) => failureOf((await download([reply])).opening);
  expect(await failure({ status: 404 })).toBe('source_missing: download_missing');
  expect(await failure({ status: 401 })).toBe('refused: download_not_allowed');
  expect(await failure({ status: 500 })).toBe('unavailable: download_failed');
  expect(await failure({ status: 302, headers: { location: 'http://10.0.0.1/' } })).toBe(
    'settings: outbound_address_refused',
  );
  expect(await failure({ headers: { 'content-type': 'text/html' }, body: '<form>' })).toBe(
    'answer_invalid: answer_is_web_page',
  );
});

test('more than allowed is not fetched, also where it is compressed on the way', async () => {
  const limits = { ...fileLimits, download: 10_000 };
  const plain = await download([{ body: Buffer.alloc(20_000) }], { limits });
  expect(await failureOf(plain.opening)).toBe('answer_invalid: outbound_too_large');
  const packed = gzipSync(Buffer.alloc(2_000_000));
  const small = await download([{ body: packed, headers: { 'content-encoding': 'gzip' } }], { limits });
  expect(await failureOf(small.opening)).toBe('answer_invalid: outbound_too_large');
});

/** A server of one file that gives parts, as stores of files do. */
async function serveParts(content: () => Buffer) {
  const ranges: (string | undefined)[] = [];
  let sent = 0;
  const { port } = await serve((request, response) => {
    const { range } = request.headers;
    ranges.push(range);
    const whole = content();
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
    const start = Number(first ?? 0);
    const body = range === undefined ? whole : whole.subarray(start, Number(last) + 1);
    sent += body.length;
    const end = start + body.length - 1;
    if (range !== undefined && body.length === 0) response.writeHead(416).end();
    else if (range === undefined) response.end(body);
    else response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${whole.length}` }).end(body);
  });
  const look = (options: OpenOptions = {}) =>
    openContext({ isProbe: true, ...options }).context.files.open({
      kind: 'https',
      url: `http://127.0.0.1:${port}/roster.zip`,
    });
  return { look, ranges, sent: () => sent };
}

const large = zip([
  { name: 'manifest.csv', bytes: 'propertyName,value\n' },
  { name: 'users.csv', bytes: Buffer.alloc(20_000_000, 'u1,Amara\n'), stored: true },
  { name: 'orgs.csv', bytes: 'o1,North\n' },
]);

test('to look into an archive it is read in parts, and not fetched whole', async () => {
  const { look, sent, ranges } = await serveParts(() => large);
  const files = await look();
  expect(files.entries.map(({ name }) => name)).toEqual(['manifest.csv', 'users.csv', 'orgs.csv']);
  expect((await readAll(files.read('orgs.csv'))).toString()).toBe('o1,North\n');
  for await (const chunk of files.read('users.csv')) {
    expect(chunk.subarray(0, 9).toString()).toBe('u1,Amara\n');
    break;
  }
  expect(sent()).toBeLessThan(2_000_000);
  expect(ranges.every((range) => range !== undefined)).toBe(true);
  expect(new Set(ranges).size).toBe(ranges.length);
});

test('a run fetches the same archive whole, in one call', async () => {
  const { look, ranges } = await serveParts(() => large);
  expect((await look({ isProbe: false })).entries).toHaveLength(3);
  expect(ranges).toEqual([undefined]);
});

test('a server that gives no parts, and a file that has none, are read whole', async () => {
  const { opening } = await download([{ body: archive }], { isProbe: true });
  expect((await opening).entries).toEqual([{ name: 'orgs.csv', bytes: 3 }]);
  const unknown = { status: 206, headers: { 'content-range': 'bytes 0-9/*' }, body: archive.subarray(0, 10) };
  const { opening: second } = await download([unknown, { body: archive }], { isProbe: true });
  expect((await second).entries).toEqual([{ name: 'orgs.csv', bytes: 3 }]);
  const { look } = await serveParts(() => Buffer.alloc(0));
  expect((await look()).entries).toEqual([{ name: 'roster.zip', bytes: 0 }]);
});

test('a file that changes while it is looked into, or is larger than allowed, is refused', async () => {
  let content = large;
  const { look } = await serveParts(() => content);
  expect(await failureOf(look({ limits: { ...fileLimits, download: 1_000_000 } }))).toBe(
    'files_unsafe: files_too_large',
  );
  const files = await look();
  content = Buffer.concat([large, Buffer.alloc(1)]);
  const reading = async () => {
    for await (const _ of files.read('users.csv'));
  };
  expect(await failureOf(reading())).toBe('source_missing: download_changed');
});
