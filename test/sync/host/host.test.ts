import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { Connector } from '../../../contracts/connector.ts';
import type { HostAttempt } from '../../../src/sync/host/connector-fetch.ts';
import { createHost } from '../../../src/sync/host/host.ts';
import { openOutbound, serve } from '../../platform/outbound/loopback-server.ts';
import { createLineLog, createSteppedClock, openContext, readAll, uploadOf } from './open-context.ts';

const limits = { concurrency: 2, requestsPerSecond: 1, pageSize: 1 };

function openHost(onAttempt?: (attempt: HostAttempt) => void) {
  const clock = createSteppedClock();
  const host = createHost({
    outbound: openOutbound({ clock }),
    clock,
    log: createLineLog().log,
    dropFolder: undefined,
    wait: clock.wait,
    ...(onAttempt && { onAttempt }),
  });
  const open = (tenantId: string, connectionId: string) =>
    host.open({
      tenantId,
      connectionId,
      connector: { id: 'test', limits } as Connector,
      settings: {},
      upload: undefined,
      signal: new AbortController().signal,
    });
  return { clock, open };
}

test('the limits hold for a connection, however often it is opened, and for each one apart', async () => {
  const { port } = await serve((_, response) => response.end('{}'));
  const { clock, open } = openHost();
  const url = `http://127.0.0.1:${port}/`;
  const [run, check, other] = [open('t1', 'c1'), open('t1', 'c1'), open('t2', 'c1')];
  await run.fetch({ url });
  await other.fetch({ url });
  expect(clock.waits).toEqual([]);
  await check.fetch({ url });
  expect(clock.waits).toEqual([1_000]);
  await Promise.all([run.close(), check.close(), other.close(), run.close()]);
});

test('attempts are told with the connection they belong to', async () => {
  const { port } = await serve((_, response) => response.end('{}'));
  const attempts: HostAttempt[] = [];
  const { open } = openHost((attempt) => attempts.push(attempt));
  await open('t1', 'c1').fetch({ url: `http://127.0.0.1:${port}/orgs?x=1` });
  expect(attempts).toMatchObject([
    {
      tenantId: 't1',
      connectionId: 'c1',
      host: `127.0.0.1:${port}`,
      attempt: 1,
      status: 200,
      statusClass: '2xx',
    },
  ]);
});

test('files of a run are closed with it, and nothing of them stays on the disk', async () => {
  const { context } = openContext({ upload: uploadOf('abc', 'people.csv') });
  const ours = async () => (await readdir(tmpdir())).filter((name) => /^gatehouse-[0-9a-f]{8}-/.test(name));
  const files = await context.files.open({ kind: 'upload' });
  expect(await ours()).toEqual([]);
  expect((await readAll(files.read('people.csv'))).toString()).toBe('abc');
  await context.close();
  await expect(readAll(files.read('people.csv'))).rejects.toThrow();
  await files.close();
});

test('calls that are under way when the work ends are broken off', async () => {
  const asked = Promise.withResolvers<void>();
  const { port } = await serve(() => asked.resolve());
  const { context } = openContext();
  const call = context.fetch({ url: `http://127.0.0.1:${port}/` });
  const broken = expect(call).rejects.toThrow('has ended');
  await asked.promise;
  await context.close();
  await broken;
});

test('a run that is stopped opens nothing more', async () => {
  const { context } = openContext({
    upload: uploadOf('abc'),
    signal: AbortSignal.abort(new Error('cancelled')),
  });
  await expect(context.files.open({ kind: 'upload' })).rejects.toThrow('cancelled');
  await expect(context.fetch({ url: 'http://127.0.0.1:1/' })).rejects.toThrow('cancelled');
});
