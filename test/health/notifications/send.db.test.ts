import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { HUB_TENANT, type IncidentId, newId, type TenantId } from '../../../contracts/ids.ts';
import { insertIncident } from '../../../src/health/incidents/incident-store.ts';
import { addNews, listNews } from '../../../src/health/notifications/notification-store.ts';
import { type SendDeps, sendNews } from '../../../src/health/notifications/send.ts';
import { signatureHeaders } from '../../../src/health/notifications/sign.ts';
import {
  addTarget,
  inScope,
  readTargets,
  removeTarget,
  resendNews,
} from '../../../src/health/notifications/targets.ts';
import { openLog } from '../../../src/platform/log.ts';
import { createOutbound } from '../../../src/platform/outbound/fetch.ts';
import { parseKeyEncryptionKeys } from '../../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';

const { database, superuser } = await createTestDatabase();
const clock = { time: Date.UTC(2026, 10, 18), now: () => clock.time };
const kek = parseKeyEncryptionKeys(`test:${randomBytes(32).toString('base64url')}`);
const secrets = createSecrets({ kek, clock });
const outbound = createOutbound({ allowLoopback: true, userAgent: 'test' });
const by = () => ({ actor: 'operator:test', now: clock.now() });
const received: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
const answers = new Map<string, number>();
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  received.push({ path: request.url ?? '', headers: request.headers, body });
  response.writeHead(answers.get(request.url ?? '') ?? 204).end();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(async () => {
  await outbound.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});
const mails: { to: readonly string[]; subject: string; text: string }[] = [];
const deps: SendDeps = {
  ...{ db: database, clock, log: openLog({ level: 'silent' }), secrets, fetch: outbound },
  sendMail: async (mail) => {
    mails.push(mail);
  },
};
let count = 0;
const school = async () =>
  (await createTenant(database, { slug: `school-${++count}`, name: 'School' }, by())).tenantId;
const targets = { db: database, secrets, allowLoopback: true };

/** An incident of which every target of its scope is told. */
async function tell(tenantId: TenantId, severity: 'page' | 'ticket' = 'page') {
  const incidentId = newId<IncidentId>(clock.now());
  const incident = {
    ...{
      tenantId,
      severity,
      partner: 'canvas',
      connectionId: undefined,
      alerts: [],
      firstFailedAt: clock.now(),
    },
    ...{ cause: 'connection' as const, key: incidentId, isShared: false, changeId: undefined },
  } as const;
  await inScope(database, tenantId, async (tx) => {
    await insertIncident(tx, incidentId, { ...incident, alerts: [] }, new Date(clock.now()));
    await addNews(tx, { tenantId, incidentId, event: 'opened', severity }, new Date(clock.now()));
  });
  return incidentId;
}
const newsOf = (tenantId: TenantId) => inScope(database, tenantId, (tx) => listNews(tx, 10));

test('each target is told once, in its own form, and a webhook with a signature that its secret proves', async () => {
  const tenantId = await school();
  const add = (input: Parameters<typeof addTarget>[2]) => addTarget(targets, tenantId, input, by());
  const { secret } = await add({ channel: 'webhook', name: 'Ours', url: `${origin}/hook` });
  await add({ channel: 'slack', name: 'Chat', url: `${origin}/chat` });
  await add({ channel: 'email', name: 'Desk', to: ['desk@school.example'] });
  const incidentId = await tell(tenantId);
  await Promise.all([sendNews(deps), sendNews(deps)]);
  await sendNews(deps);
  const [hook, ...more] = received.filter(({ path }) => path === '/hook');
  expect(more).toEqual([]);
  const id = String(hook!.headers['webhook-id']);
  const expected = signatureHeaders(secret!, { id, body: hook!.body, now: clock.now() });
  expect(hook!.headers).toMatchObject(expected);
  expect(JSON.parse(hook!.body)).toMatchObject({
    type: 'incident.opened',
    data: { incidentId, school: 'school-1' },
  });
  const chat = received.filter(({ path }) => path === '/chat');
  expect(chat.map(({ body }) => Object.keys(JSON.parse(body)))).toEqual([['text']]);
  expect(mails).toMatchObject([
    { to: ['desk@school.example'], subject: '[page] New incident: school-1, canvas' },
  ]);
  expect((await newsOf(tenantId)).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
});

test('a target that fails is tried again later and given up in the end; it can be sent anew', async () => {
  const tenantId = await school();
  await addTarget(targets, tenantId, { channel: 'slack', name: 'Chat', url: `${origin}/down` }, by());
  answers.set('/down', 503);
  await tell(tenantId);
  for (let tries = 1; tries <= 8; tries++) {
    await sendNews(deps);
    // Not before its time.
    await sendNews(deps);
    expect(received.filter(({ path }) => path === '/down')).toHaveLength(tries);
    clock.time += 13 * 3_600_000;
  }
  const [given] = await newsOf(tenantId);
  expect(given).toMatchObject({ state: 'dead', failure: 'status_503', tries: 8 });
  answers.delete('/down');
  await resendNews(database, tenantId, given!.notificationId, by());
  await sendNews(deps);
  expect(await newsOf(tenantId)).toMatchObject([{ state: 'sent' }]);
});

test('what can never arrive is given up at once: 410, and mail without a mail server', async () => {
  const tenantId = await school();
  await addTarget(targets, tenantId, { channel: 'slack', name: 'Gone', url: `${origin}/gone` }, by());
  await addTarget(targets, tenantId, { channel: 'email', name: 'Desk', to: ['desk@school.example'] }, by());
  answers.set('/gone', 410);
  await tell(tenantId);
  await sendNews({ ...deps, sendMail: undefined });
  const failures = (await newsOf(tenantId)).map(({ state, failure }) => `${state} ${failure}`).sort();
  expect(failures).toEqual(['dead mail_not_configured', 'dead status_410']);
});

test('a target hears of what is as grave as it wants, and of an end only where it heard of the beginning', async () => {
  const tenantId = await school();
  await addTarget(targets, tenantId, { channel: 'slack', name: 'Pages', url: `${origin}/p` }, by());
  await addTarget(
    targets,
    tenantId,
    { channel: 'slack', name: 'All', url: `${origin}/a`, leastSeverity: 'ticket' },
    by(),
  );
  const incidentId = await tell(tenantId, 'ticket');
  const news = { tenantId, incidentId, event: 'resolved', severity: 'page' } as const;
  await database.withTenant(tenantId, (tx) => addNews(tx, news, new Date(clock.now())));
  await sendNews(deps);
  expect(received.filter(({ path }) => path === '/p')).toHaveLength(0);
  expect(received.filter(({ path }) => path === '/a')).toHaveLength(2);
});

test('addresses are sealed and shown to nobody; those inside our networks are refused', async () => {
  const tenantId = await school();
  const url = 'https://chat.example/hooks/T0KEN';
  await addTarget(targets, tenantId, { channel: 'slack', name: 'Chat', url }, by());
  expect(JSON.stringify(await readTargets(database, tenantId))).not.toContain('T0KEN');
  const { rows } = await superuser.query(
    `select sealed_address, (select string_agg(after::text, '') from audit_value where tenant_id = $1) as audited
     from notification_target where tenant_id = $1`,
    [tenantId],
  );
  expect(rows[0].sealed_address.includes('T0KEN')).toBe(false);
  expect(rows[0].audited).not.toContain('T0KEN');
  const inside = addTarget(
    { ...targets, allowLoopback: false },
    tenantId,
    { channel: 'slack', name: 'X', url: 'http://10.0.0.1/x' },
    by(),
  );
  await expect(inside).rejects.toMatchObject({ kind: 'input' });
});

test('the hub hears of every school, and a school of itself only', async () => {
  const [ours, theirs] = [await school(), await school()];
  const { target } = await addTarget(
    targets,
    theirs,
    { channel: 'slack', name: 'Theirs', url: `${origin}/t` },
    by(),
  );
  const hub = await addTarget(
    targets,
    HUB_TENANT,
    { channel: 'slack', name: 'Hub', url: `${origin}/h` },
    by(),
  );
  const incidentId = await tell(ours);
  const news = { tenantId: ours, incidentId, event: 'opened', severity: 'page' } as const;
  await database.withHub((tx) => addNews(tx, news, new Date(clock.now())));
  await sendNews(deps);
  expect(received.filter(({ path }) => path === '/t')).toHaveLength(0);
  expect(received.filter(({ path }) => path === '/h')).toHaveLength(1);
  expect(await readTargets(database, ours)).toEqual([]);
  await expect(removeTarget(database, ours, target.targetId, by())).rejects.toMatchObject({
    code: 'target_unknown',
  });
  await removeTarget(database, HUB_TENANT, hub.target.targetId, by());
});
