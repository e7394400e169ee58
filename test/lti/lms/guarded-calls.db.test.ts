import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addHubDeployment } from '../../../src/connections/deployments.ts';
import { connectLmsHubWide } from '../../../src/connections/hub-registrations.ts';
import { updateRegistration } from '../../../src/connections/registrations.ts';
import type { LmsCourse } from '../../../src/lti/lms/gradebook.ts';
import { createOutbound, type OutboundFetch } from '../../../src/platform/outbound/fetch.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { createLmsWorld, createScriptedLms, outgoing } from './lms-world.ts';

/** Calls that pass the real guard, to an LMS on this machine. */
const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await createLmsWorld(testDatabase);
const rules = { allowLoopback: true };

const open = createOutbound({ allowLoopback: true, userAgent: 'Gatehouse test' });
const closed = createOutbound({ allowLoopback: false, userAgent: 'Gatehouse test' });

let server: Server;
let lmsUrl: string;
const paths: string[] = [];

beforeAll(async () => {
  server = createServer((request: IncomingMessage, response) => {
    paths.push(`${request.method} ${request.url}`);
    request.resume();
    response.setHeader('content-type', 'application/json');
    if (request.url === '/broken/scores') return request.socket.destroy();
    if (request.url === '/hanging/scores') return;
    response.end(JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 3600 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  lmsUrl = `http://lms.localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await Promise.all([open.close(), closed.close()]);
});

let schools = 0;

/** A school whose LMS is the server here. */
async function localSchool(): Promise<LmsCourse> {
  schools += 1;
  const course = await world.school(`local-${schools}`);
  await database.withTenant(course.tenantId, (tx) =>
    updateRegistration(tx, course.connectionId, { tokenUrl: `${lmsUrl}/token` }, rules, by()),
  );
  return course;
}

async function send(fetch: OutboundFetch, lineItem: string, options?: { giveUpAfterMs: number }) {
  const course = await localSchool();
  const { destination } = world.copy(fetch, options);
  const way = await destination.open(course.tenantId, course.connectionId);
  if ('fault' in way) throw new Error(way.fault);
  return way.send(outgoing({ lineItemUrl: lineItem }));
}

test('token and score go out through the guard, by plain http where it allows this machine', async () => {
  paths.length = 0;
  expect(await send(open, `${lmsUrl}/i+1?type_id=2`)).toMatchObject({ kind: 'delivered' });
  expect(paths).toEqual(['POST /token', 'POST /i+1/scores?type_id=2']);
});

test('an address that the guard refuses is never called', async () => {
  paths.length = 0;
  expect(await send(closed, `${lmsUrl}/item`)).toEqual({ kind: 'configuration', reason: 'address_refused' });
  expect(paths).toEqual([]);
  const refused = { reason: 'address_refused' };
  expect(await send(open, 'http://10.0.0.1/item')).toEqual({ kind: 'configuration', ...refused });
  expect(await send(open, 'ftp://lms.localhost/item')).toEqual({ kind: 'permanent', ...refused });
});

test('a connection that breaks under way may have delivered, one that is refused has not', async () => {
  expect(await send(open, `${lmsUrl}/broken`)).toMatchObject({ kind: 'temporary', maybeSent: true });
  expect(await send(open, 'http://lms.localhost:1/item')).toEqual({
    kind: 'temporary',
    reason: 'unreachable',
    maybeSent: false,
  });
});

test('a try ends by itself when the LMS never answers', async () => {
  expect(await send(open, `${lmsUrl}/hanging`, { giveUpAfterMs: 1_000 })).toEqual({
    kind: 'temporary',
    reason: 'timeout',
    maybeSent: true,
  });
});

test('a try ends by itself when the token never comes, with nothing sent', async () => {
  const never: OutboundFetch = () => new Promise(() => {});
  expect(await send(never, `${lmsUrl}/item`, { giveUpAfterMs: 300 })).toEqual({
    kind: 'temporary',
    reason: 'token_unavailable',
    maybeSent: false,
  });
});

test('a school reached through a hub-wide registration is served by it, with its own deployment', async () => {
  const registration = await database.withHub((tx) =>
    connectLmsHubWide(
      tx,
      { family: 'blackboard', clientId: 'global', tokenUrl: 'https://lms.example/token' },
      rules,
      by(),
    ),
  );
  const { tenantId } = await createTenant(database, { slug: 'hub-wide', name: 'Hub-wide' }, by());
  const { connectionId } = await database.withTenant(tenantId, (tx) =>
    addHubDeployment(tx, { registrationId: registration.connectionId, deploymentId: 'school-7' }, by()),
  );
  const lms = createScriptedLms();
  const way = await world.copy(lms.fetch).destination.open(tenantId, connectionId);
  if ('fault' in way) throw new Error(way.fault);
  expect(await way.send(outgoing({ deploymentId: 'school-7' }))).toMatchObject({ kind: 'delivered' });
  const claims = await world.readAssertion(lms.tokenRequests()[0]!.get('client_assertion')!);
  expect(claims).toMatchObject({
    iss: 'global',
    'https://purl.imsglobal.org/spec/lti/claim/deployment_id': 'school-7',
  });
});
