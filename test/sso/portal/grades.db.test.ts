import type { JWTPayload } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import type { ConnectionId, DeliveryId, TenantId } from '../../../contracts/ids.ts';
import { createLoopbackFetch } from '../../../src/demo/loopback-fetch.ts';
import { explainDelivery, getDelivery, listDeliveries } from '../../../src/grades/deliveries.ts';
import { listRoutes } from '../../../src/grades/pause.ts';
import { claim } from '../../../src/lti/claims.ts';
import { createKeptGradebook, keptGradebookOf } from '../../../src/lti/kept-gradebook.ts';
import { mergePeople } from '../../../src/people/merges.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { addToolClient } from '../../lti/token/tool-client.ts';
import { authenticationRequest, readPosted, sendAuthorize, verifyToken } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { click, type PortalSchool, readButtons, startPortalWorld, visit } from './world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const { world, northside, riverbend } = await startPortalWorld(testDatabase, { grades: true });

const lineItemType = 'application/vnd.ims.lis.v2.lineitem+json';
const scoreType = 'application/vnd.ims.lis.v1.score+json';
const full = { activityProgress: 'Completed', gradingProgress: 'FullyGraded' };

/** A tool as it stands after a launch from the portal: whom it was told of, and what it may call. */
interface Launched {
  sub: string;
  lineItems: string;
  resourceLinkId: string;
  call(url: string, options?: { method?: string; body?: unknown; type?: string }): Promise<Reply>;
}
/** An answer as tests look into it: a line item, or a list of whatever there is. */
interface LookedAt extends Array<object> {
  id: string;
}
interface Reply {
  status: number;
  body: LookedAt;
}

async function launch(school: PortalSchool, user: string, tool: Tool = world.tool): Promise<Launched> {
  const { rows } = await superuser.query(
    'select person_id from person_link where tenant_id = $1 and connection_id = $2 and subject = $3',
    [school.tenant.tenantId, school.sis, user],
  );
  const { cookie } = await school.signIn(rows[0].person_id);
  const [button] = readButtons(await visit(school.portal, cookie)).filter((each) => each.class !== undefined);
  const clicked = await click(school, cookie, { class: button!.class!, tool: tool.toolId });
  const initiation = Object.fromEntries(new URL(String(clicked.location)).searchParams);
  const request = authenticationRequest(world, { initiation }, { redirect_uri: tool.redirectUris[0] });
  const answer = await sendAuthorize(world, request, { cookies: clicked.setCookies });
  const claims = await verifyToken(world, String(readPosted(answer).fields.id_token));
  return asTool(tool, claims);
}

async function asTool({ toolId, clientId }: Tool, claims: JWTPayload): Promise<Launched> {
  const { scope, lineitems } = claims[claim.agsEndpoint] as { scope: string[]; lineitems: string };
  const deploymentId = String(claims[claim.deploymentId]);
  const { accessTokens } = world.first.lti;
  const { token } = await accessTokens.issue({ toolId, clientId, scopes: scope, deploymentId });
  return {
    sub: String(claims.sub),
    lineItems: lineitems,
    resourceLinkId: (claims[claim.resourceLink] as { id: string }).id,
    call: async (url, { method = 'GET', body, type } = {}) => {
      const reply = await createLoopbackFetch()(url, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(type && { 'content-type': type }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

async function addItem(tool: Launched, item: Record<string, unknown> = {}): Promise<string> {
  const body = { label: 'Quiz', scoreMaximum: 20, ...item };
  const made = await tool.call(tool.lineItems, { method: 'POST', type: lineItemType, body });
  expect(made.status).toBe(201);
  return made.body.id;
}

let minute = 0;
const send = (tool: Launched, item: string, score: Record<string, unknown>) => {
  const timestamp = new Date(Date.UTC(2026, 2, 1, 8, ++minute, 0, 123)).toISOString();
  const body = { userId: tool.sub, timestamp, ...full, ...score };
  return tool.call(`${item}/scores`, { method: 'POST', type: scoreType, body });
};

const inTenant = <T>(tenantId: TenantId, work: Parameters<typeof database.withTenant<T>>[1]) =>
  database.withTenant(tenantId, work);

beforeAll(async () => {
  for (const school of [northside, riverbend]) {
    await school.addClass('bio', 'Biology 9');
    for (const [user, role] of [
      ['ada', 'student'],
      ['bob', 'student'],
      ['teacher', 'teacher'],
    ] as const) {
      await school.addUser(user, [user, school.tenant.slug], role);
      await school.enroll(user, 'bio', role);
    }
  }
});

test('a line item of a class is made, found, changed and deleted, as an LMS would keep it', async () => {
  const tool = await launch(northside, 'teacher');
  const extension = 'https://tool.example/ext';
  const item = await addItem(tool, {
    ...{ label: 'Essay', tag: 'grade', resourceId: ' as it is ', resourceLinkId: tool.resourceLinkId },
    [extension]: { deep: [1] },
  });
  const shown = {
    ...{ id: item, label: 'Essay', scoreMaximum: 20, tag: 'grade', resourceId: ' as it is ' },
    ...{ resourceLinkId: tool.resourceLinkId, [extension]: { deep: [1] } },
  };
  expect((await tool.call(item)).body).toEqual(shown);
  await addItem(tool, { label: 'Other' });
  expect((await tool.call(`${tool.lineItems}?tag=grade`)).body).toEqual([shown]);
  expect((await tool.call(`${tool.lineItems}?resource_link_id=${tool.resourceLinkId}`)).body).toEqual([
    shown,
  ]);
  expect((await tool.call(tool.lineItems)).body).toHaveLength(2);
  const changed = await tool.call(item, {
    ...{ method: 'PUT', type: lineItemType, body: { ...shown, label: 'Essay, second draft' } },
  });
  expect(changed.body).toEqual({ ...shown, label: 'Essay, second draft' });
  expect((await tool.call(item, { method: 'DELETE' })).status).toBe(204);
  expect((await tool.call(item)).status).toBe(404);
  expect((await tool.call(tool.lineItems)).body).toHaveLength(1);
});

test('a score is kept, can be read back, and waits for a place to go to without being tried', async () => {
  const tool = await launch(northside, 'ada');
  const item = await addItem(tool, { label: 'Kept' });
  expect((await send(tool, item, { scoreGiven: 3, scoreMaximum: 10, comment: 'First' })).status).toBe(200);
  expect((await send(tool, item, { scoreGiven: 8, scoreMaximum: 10 })).status).toBe(200);
  const results = await tool.call(`${item}/results`);
  expect(results.body).toEqual([
    expect.objectContaining({ userId: tool.sub, scoreOf: item, resultScore: 16, resultMaximum: 20 }),
  ]);
  expect(results.body[0]).not.toHaveProperty('comment');
  // The sweep finds them, and with them that there is nowhere to go.
  const deliveries = () => tool.call(`${item}/deliveries`);
  const waiting = { state: 'pending', reason: 'waiting_for_destination', attempts: 0 };
  await expect
    .poll(async () => (await deliveries()).body, { timeout: 10_000 })
    .toEqual([expect.objectContaining(waiting), expect.objectContaining(waiting)]);

  const { tenantId } = northside.tenant;
  const listed = await inTenant(tenantId, (tx) =>
    listDeliveries(tx, { reason: 'waiting_for_destination', state: 'pending' }, { limit: 10 }),
  );
  expect(listed).toMatchObject([waiting, waiting]);
  const details = await inTenant(tenantId, (tx) => getDelivery(tx, listed[0]!.deliveryId as DeliveryId));
  expect(details).toMatchObject({ ...waiting, scoreKept: true, route: { state: 'stopped' } });
  expect(explainDelivery(details)).toMatchObject({
    happened: expect.stringMatching(/^It waits\. .*portal/),
    turn: 'hub',
  });
  const routes = await inTenant(tenantId, (tx) => listRoutes(tx, world.clock.now()));
  expect(routes).toContainEqual(
    expect.objectContaining({
      ...{ connectionId: northside.sis, partner: 'oneroster-csv', state: 'stopped', pending: 2 },
      reason: 'waiting_for_destination',
    }),
  );
  // A week of nights later it is as it was: nothing was tried, and nothing has run out.
  world.clock.advance(7 * 86_400_000);
  await expect
    .poll(
      async () => {
        const { rows } = await superuser.query(
          'select blocked_until from grade_route where connection_id = $1',
          [northside.sis],
        );
        return rows[0].blocked_until.getTime() > world.clock.now();
      },
      { timeout: 10_000 },
    )
    .toBe(true);
  const { rows } = await superuser.query(
    `select (select count(*)::int from grade_attempt) as attempts, l.tries, l.pending, l.failing_since
     from grade_line l where l.connection_id = $1`,
    [northside.sis],
  );
  expect(rows).toEqual([{ attempts: 0, tries: 0, pending: 2, failing_since: null }]);
});

test('the newest score counts: an older one is refused, the same again is the same success', async () => {
  const tool = await launch(northside, 'bob');
  const item = await addItem(tool, { label: 'Order' });
  const at = (timestamp: string, scoreGiven: number) =>
    send(tool, item, { timestamp, scoreGiven, scoreMaximum: 20 });
  expect((await at('2026-03-02T10:00:00.000Z', 9)).status).toBe(200);
  expect((await at('2026-03-02T10:00:00.000Z', 9)).status).toBe(200);
  expect((await at('2026-03-02T09:00:00.000Z', 1)).status).toBe(409);
  expect((await tool.call(`${item}/results?user_id=${tool.sub}`)).body).toEqual([
    expect.objectContaining({ resultScore: 9 }),
  ]);
  // A score without one clears (AGS 2.0 §3.4.4).
  expect((await send(tool, item, { timestamp: '2026-03-03T10:00:00.000Z' })).status).toBe(200);
  expect((await tool.call(`${item}/results`)).body[0]).not.toHaveProperty('resultScore');
});

test('scores of somebody who becomes one with another go along, and can be read back', async () => {
  const absorbed = await northside.addUser('twice', ['Once', 'More'], 'student');
  await northside.enroll('twice', 'bio', 'student');
  const kept = await northside.addUser('single', ['Once', 'More'], 'student');
  const tool = await launch(northside, 'twice');
  const item = await addItem(tool, { label: 'Of two' });
  await send(tool, item, { scoreGiven: 7, scoreMaximum: 20 });
  await inTenant(northside.tenant.tenantId, (tx) =>
    mergePeople(tx, { keptId: kept, absorbedId: absorbed }, by()),
  );
  const results = await tool.call(`${item}/results`);
  expect(results.body).toEqual([expect.objectContaining({ userId: tool.sub, resultScore: 7 })]);
  const { rows } = await superuser.query('select person_id from grade_line where person_id = any ($1)', [
    [kept, absorbed],
  ]);
  expect(rows).toEqual([{ person_id: kept }]);
});

test('what one tool keeps, another neither sees nor reaches, at this school or another', async () => {
  const tool = await launch(northside, 'ada');
  const item = await addItem(tool, { label: 'Private' });
  await send(tool, item, { scoreGiven: 1, scoreMaximum: 20 });
  const { tool: second } = await addToolClient(testDatabase, { name: 'Second tool' });
  await inTenant(northside.tenant.tenantId, (tx) =>
    enableToolWithPolicy(tx, { toolId: second.toolId, template: 'anonymous' }, by()),
  );
  world.first.lti.forget(`tenant:${northside.tenant.tenantId}`);
  const other = await launch(northside, 'ada', second);
  const elsewhere = await launch(riverbend, 'ada');
  expect((await other.call(other.lineItems)).body).toEqual([]);
  expect((await elsewhere.call(elsewhere.lineItems)).body).toEqual([]);
  const itemId = item.split('/').at(-1);
  for (const stranger of [other, elsewhere]) {
    const attempts = [item, `${stranger.lineItems}/${itemId}`];
    for (const address of attempts) {
      expect([403, 404]).toContain((await stranger.call(address)).status);
      expect([403, 404]).toContain((await stranger.call(address, { method: 'DELETE' })).status);
      expect([403, 404]).toContain(
        (await send(stranger, address, { scoreGiven: 1, scoreMaximum: 1 })).status,
      );
      expect([403, 404]).toContain((await stranger.call(`${address}/results`)).status);
    }
  }
  expect((await tool.call(item)).status).toBe(200);
});

test('what is kept for a class is found by its tenant and roster alone, whatever address is given', async () => {
  const kept = createKeptGradebook({ db: database, clock: world.clock });
  const { rows } = await superuser.query(
    'select kept_id, content from kept_line_item where connection_id = $1',
    [northside.sis],
  );
  const lms = await northside.connect('lms');
  const at = (school: PortalSchool, connectionId: ConnectionId) => ({
    ...{ tenantId: school.tenant.tenantId, connectionId, deploymentId: 'portal' },
  });
  expect(rows.length).toBeGreaterThan(0);
  for (const { kept_id: id, content } of rows) {
    const address = `gatehouse:line-item/${id}`;
    expect(await kept.readLineItem(at(northside, northside.sis), address)).toMatchObject(content);
    // An LMS that answers with such an address is told of nothing.
    for (const course of [at(northside, lms), at(riverbend, northside.sis), at(riverbend, riverbend.sis)]) {
      const gone = { code: 'lms_line_item_gone' };
      await expect(kept.readLineItem(course, address)).rejects.toMatchObject(gone);
      await expect(kept.deleteLineItem(course, address)).rejects.toMatchObject(gone);
      await expect(kept.updateLineItem(course, { ...content, id: address })).rejects.toMatchObject(gone);
      await expect(kept.readResults(course, address)).rejects.toMatchObject(gone);
      expect(await kept.listLineItems(course, keptGradebookOf('bio'), {})).toEqual([]);
    }
  }
  for (const address of ['gatehouse:class/bio', 'gatehouse:line-item/', 'https://lms.example/1']) {
    await expect(kept.readLineItem(at(northside, northside.sis), address)).rejects.toMatchObject({
      code: 'lms_line_item_gone',
    });
  }
});
