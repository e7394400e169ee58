import { expect, test } from 'vitest';
import { createBreakers } from '../../src/health/breaker/breakers.ts';
import { guardByBreaker } from '../../src/health/breaker/guarded-fetch.ts';
import { readDownHosts } from '../../src/health/breaker/hosts.ts';
import { breakerThreshold } from '../../src/health/breaker/transition.ts';
import { probeTools } from '../../src/lti/probe-tools.ts';
import { DomainError } from '../../src/platform/errors.ts';
import type { OutboundFetch, OutboundResponse } from '../../src/platform/outbound/fetch.ts';
import { registerTool } from '../../src/tools/tools.ts';
import { createTestDatabase } from '../support/database.ts';
import { by } from '../support/hub.ts';
import { createLineLog } from '../sync/host/open-context.ts';

const { database, superuser } = await createTestDatabase();
const rules = { allowLoopback: false };
const register = (slug: string) =>
  database.withHub((tx) =>
    registerTool(
      tx,
      {
        ...{ slug, name: slug, loginInitiationUrl: `https://${slug}.example/login?from=hub` },
        ...{ targetLinkUri: `https://${slug}.example/`, redirectUris: [`https://${slug}.example/launch`] },
      },
      rules,
      by(),
    ),
  );
const [well, off] = [await register('well'), await register('off')];
await superuser.query(`update tool set status = 'disabled' where tool_id = $1`, [off.toolId]);

const clock = { time: Date.UTC(2026, 10, 21), now: () => clock.time };
const asked: URL[] = [];
let answer: () => number | string = () => 'outbound_redirect_refused';
const call: OutboundFetch = async ({ url }) => {
  asked.push(new URL(url));
  const given = answer();
  if (typeof given === 'string') throw new DomainError('upstream', given, 'x');
  return { status: given, url } as OutboundResponse;
};

function createProbe() {
  const { log, lines } = createLineLog();
  const breakers = createBreakers({ db: database, clock, log, random: () => 0.5 });
  asked.length = 0;
  const services = {
    db: database,
    baseUrl: 'https://hub.example',
    fetch: call,
    breakers,
    log,
    wait: async () => {},
  };
  return {
    lines,
    fetch: guardByBreaker(call, breakers),
    probe: (signal?: AbortSignal) => probeTools(services, signal),
  };
}

test('a tool that is on is asked once as a launch begins, with hints that lead to nothing', async () => {
  const { probe, lines } = createProbe();
  await probe();
  expect(asked.map(({ host }) => host)).toEqual(['well.example']);
  const sent = Object.fromEntries(asked[0]!.searchParams);
  expect(sent).toMatchObject({
    ...{ from: 'hub', iss: 'https://hub.example', client_id: well.clientId },
    target_link_uri: 'https://well.example/',
  });
  const hints = [sent.login_hint, sent.lti_message_hint];
  await probe();
  expect(hints).not.toContain(asked[1]!.searchParams.get('login_hint'));
  expect((await superuser.query('select from lti_hint')).rowCount).toBe(0);
  expect(lines).toEqual([]);
});

test('one that refuses is there all the same', async () => {
  const { probe, lines } = createProbe();
  answer = () => 400;
  await probe();
  expect(asked).toHaveLength(1);
  expect(lines).toEqual([{ event: 'tool_refuses_login', toolId: well.toolId, status: 400 }]);
});

test('one that answers at last is up; one that does not is a host that is down, until it answers again', async () => {
  const { probe } = createProbe();
  const answers = [503, 'outbound_timeout', 200] as const;
  answer = () => answers[asked.length - 1] ?? 200;
  await probe();
  expect(asked).toHaveLength(3);
  expect(await readDownHosts(database)).toEqual([]);
  answer = () => 'outbound_connection_failed';
  asked.length = 0;
  await probe();
  expect(asked).toHaveLength(breakerThreshold);
  expect(await readDownHosts(database)).toMatchObject([{ host: 'well.example', breaker: { state: 'open' } }]);
  await probe();
  expect(asked).toHaveLength(breakerThreshold);
  clock.time += 15 * 60_000;
  answer = () => 'outbound_redirect_refused';
  await probe();
  expect(await readDownHosts(database)).toEqual([]);
});

test.each([500, 503])('one that answers %i is down by itself, and others reach its host', async (status) => {
  const { probe, fetch } = createProbe();
  answer = () => status;
  await probe();
  expect(asked).toHaveLength(breakerThreshold);
  const down = () => readDownHosts(database);
  expect(await down()).toMatchObject([{ host: 'tool/well', breaker: { reason: 'server_error' } }]);
  await probe();
  expect(asked).toHaveLength(breakerThreshold);
  expect((await fetch({ url: 'https://well.example/api' })).status).toBe(status);
  // What its host does says nothing of the tool, which is still down and asked once when its time comes.
  clock.time += 15 * 60_000;
  const later = ['outbound_timeout', 500];
  answer = () => later.shift() ?? 302;
  await probe();
  expect((await down()).map(({ host }) => host)).toEqual(['tool/well']);
  clock.time += 15 * 60_000;
  await probe();
  expect(await down()).toEqual([]);
});

test('one that is switched off or named otherwise while it is down is told of no more; a host is', async () => {
  const { probe } = createProbe();
  answer = () => 500;
  const down = async () => (await readDownHosts(database)).map(({ host }) => host);
  const columns = `(host, state, failures, reason, opened_at, until)`;
  await superuser.query(
    `insert into partner_host ${columns} values ('lms.example', 'open', 5, 'x', now(), now())`,
  );
  await probe();
  expect((await down()).toSorted()).toEqual(['lms.example', 'tool/well']);
  await superuser.query(`update tool set slug = 'better' where tool_id = $1`, [well.toolId]);
  await probe();
  expect((await down()).toSorted()).toEqual(['lms.example', 'tool/better']);
  await superuser.query(`update tool set status = 'disabled'`);
  await probe();
  expect(await down()).toEqual(['lms.example']);
});

test('a copy that stops asks nobody', async () => {
  const { probe } = createProbe();
  await probe(AbortSignal.abort());
  expect(asked).toEqual([]);
});
