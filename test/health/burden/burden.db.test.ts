import { createHmac } from 'node:crypto';
import express from 'express';
import { beforeAll, expect, test } from 'vitest';
import { type ConnectionId, HUB_TENANT, newId, type TenantId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../../src/audit/audit.ts';
import { addConnection, recordConnectionChange } from '../../../src/connections/connections.ts';
import { readBurden, readToil } from '../../../src/health/burden/burden.ts';
import { createWorkHookRouter } from '../../../src/health/burden/routes.ts';
import {
  addWorkSource,
  importWork,
  readWorkSources,
  removeWorkSource,
  takeHook,
} from '../../../src/health/burden/work.ts';
import { addSpan, setCalendarZone } from '../../../src/health/calendars/calendars.ts';
import { deriveAllChanges } from '../../../src/health/changes/derive.ts';
import { requestOnboarding } from '../../../src/health/onboarding/onboardings.ts';
import { openLog } from '../../../src/platform/log.ts';
import { parseKeyEncryptionKeys } from '../../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';

const { database, superuser } = await createTestDatabase();
const now = Date.UTC(2026, 10, 18, 12);
const clock = { now: () => now };
const by = { actor: 'operator:test', now };
const kek = parseKeyEncryptionKeys(`test:${Buffer.alloc(32, 7).toString('base64')}`);
const secrets = createSecrets({ kek, clock });
const deps = { db: database, secrets };
let school: TenantId;
let other: TenantId;

beforeAll(async () => {
  ({ tenantId: school } = await createTenant(database, { slug: 'burden-a', name: 'School' }, by));
  ({ tenantId: other } = await createTenant(database, { slug: 'burden-b', name: 'School' }, by));
});

const work = (
  externalId: string,
  minutes: number,
  day: string,
  integration: 'existing' | 'new' = 'existing',
) => ({
  ...{ externalId, minutes, integration, partner: 'canvas', doneAt: `${day}T12:00:00Z` },
});
const total = async (tenantId: TenantId) => (await readBurden(database, tenantId, now)).month.total;

test('work is summed over four weeks and the term; what is sent again replaces what was known', async () => {
  await setCalendarZone(database, school, 'Europe/Berlin', by);
  const term = { kind: 'term', name: 'Autumn', from: '2026-09-01', to: '2026-12-18' } as const;
  await addSpan(database, school, term, by);
  const list = [
    work('A', 60, '2026-11-10'),
    work('B', 30, '2026-11-11', 'new'),
    work('C', 120, '2026-09-05'),
  ];
  await importWork(database, school, { source: 'api', work: list }, by);
  await importWork(database, school, { source: 'api', work: [work('A', 90, '2026-11-10')] }, by);
  // Before the term, and under another source: another piece of work.
  await importWork(database, school, { source: 'csv', work: [work('A', 7, '2026-08-10')] }, by);
  const { month, term: ofTerm } = await readBurden(database, school, now);
  expect(month.total).toEqual({ existing: 90, created: 30, share: 0.75 });
  expect(ofTerm?.total).toEqual({ existing: 210, created: 30, share: 0.875 });
  expect(month.partners).toMatchObject([{ partner: 'canvas', existing: 90 }]);
  expect(await total(other)).toEqual({ existing: 0, created: 0, share: null });
});

test('the hub’s term is the one of most schools', async () => {
  await importWork(database, HUB_TENANT, { source: 'api', work: [work('H', 5, '2026-09-02')] }, by);
  const { term, month } = await readBurden(database, HUB_TENANT, now);
  expect([term?.total.existing, month.total.existing]).toEqual([5, 0]);
});

const message = (minutes: number, action = 'closed') =>
  Buffer.from(
    JSON.stringify({
      action,
      issue: {
        ...{ id: 7, closed_at: '2026-11-12T09:00:00Z' },
        labels: ['integration:existing', 'partner:canvas', `minutes:${minutes}`].map((name) => ({ name })),
      },
    }),
  );
const signed = (secret: string, body: Buffer) => ({
  headers: { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` },
  body,
});

test('a tracker’s signed messages are taken once, however often they come; others are refused', async () => {
  const added = await addWorkSource(deps, other, { shape: 'github', name: 'Issues' }, by);
  const named = { tenantId: other, sourceId: added.source.sourceId };
  const take = (body: Buffer, secret = added.secret, to = named) =>
    takeHook({ ...deps, now }, to, signed(secret, body));
  expect(await take(message(45))).toBe('work');
  expect(await take(message(45))).toBe('work');
  expect(await total(other)).toMatchObject({ existing: 45 });
  await expect(take(message(60), 'wrong')).rejects.toMatchObject({ code: 'hook_refused' });
  // The tracker of one school says nothing for another.
  await expect(take(message(60), added.secret, { ...named, tenantId: school })).rejects.toMatchObject({
    code: 'hook_refused',
  });
  expect(await take(message(45, 'deleted'))).toBe('none');
  expect(await total(other)).toMatchObject({ existing: 0 });
  expect(await readWorkSources(database, school)).toEqual([]);
  const removed = removeWorkSource(database, school, named.sourceId, by);
  await expect(removed).rejects.toMatchObject({ code: 'work_source_unknown' });
  await removeWorkSource(database, other, named.sourceId, by);
  await expect(take(message(60))).rejects.toMatchObject({ code: 'hook_refused' });
});

test('the secret of a tracker is sealed, and stands in no trail', async () => {
  const { secret, source } = await addWorkSource(deps, HUB_TENANT, { shape: 'jira', name: 'Jira' }, by);
  const { rows } = await superuser.query('select sealed_secret from work_source where source_id = $1', [
    source.sourceId,
  ]);
  expect(rows[0].sealed_secret.toString('latin1')).not.toContain(secret);
  const trail = await superuser.query('select row_to_json(a)::text as text from audit_value a');
  expect(trail.rows.map(({ text }) => text).join()).not.toContain(secret);
});

test('over HTTP a message is answered with what it was, and a name that cannot be one is refused alike', async () => {
  const added = await addWorkSource(deps, HUB_TENANT, { shape: 'github', name: 'Issues' }, by);
  const app = express();
  app.use(createWorkHookRouter({ ...deps, clock }));
  app.use(((error, _request, response, _next) => {
    response.status(400).json({ code: error.code });
  }) satisfies express.ErrorRequestHandler);
  const server = app.listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const post = async (path: string, body: Buffer, headers: Record<string, string>) =>
      (
        await fetch(`http://127.0.0.1:${port}${path}`, {
          method: 'POST',
          body: new Uint8Array(body),
          headers,
        })
      ).json();
    const body = message(10);
    expect(await post(added.path, body, signed(added.secret, body).headers)).toEqual({ taken: 'work' });
    expect(await post(added.path, body, {})).toEqual({ code: 'hook_refused' });
    expect(await post('/hooks/trackers/x/y', body, {})).toEqual({ code: 'hook_refused' });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test('toil is counted by partner and month from what is recorded, and settings on the way to go-live are none', async () => {
  const connect = async (partner: string) => {
    const connectionId = newId<ConnectionId>(now);
    await database.withTenant(school, (tx) =>
      addConnection(tx, { connectionId, kind: 'lms', partner, name: 'LMS' }, now),
    );
    return connectionId;
  };
  const [live, coming] = [await connect('moodle'), await connect('brightspace')];
  const onboarding = { name: 'New', partner: 'brightspace', kind: 'lms', connectionId: coming } as const;
  await requestOnboarding(database, school, onboarding, by);
  const change = { before: { url: 'a' }, after: { url: 'b' } };
  await database.withTenant(school, async (tx) => {
    await recordConnectionChange(tx, 'lms.updated', live, change, by);
    await recordConnectionChange(tx, 'lms.updated', coming, change, by);
    await recordConnectionChange(tx, 'identity.key_activated', live, change, by);
    await recordAudit(tx, { ...by, action: 'grade_delivery.replayed', subject: `tenant:${school}` });
  });
  await superuser.query(
    `insert into incident (tenant_id, incident_id, state, severity, cause, cause_key, connection_id, first_failed_at, opened_at)
     values ($1, $2, 'open', 'page', 'connection', 'x', $3, $4, $4)`,
    [school, newId(now), live, new Date(now - 1_000)],
  );
  await deriveAllChanges({ db: database, clock, log: openLog({ level: 'silent' }) });
  const toil = await readToil(database, school, { months: 1, now: now + 1_000 });
  const month = '2026-11-01';
  expect(toil).toEqual([
    { month, partner: 'moodle', kind: 'edits', count: 1 },
    { month, partner: 'moodle', kind: 'incidents', count: 1 },
    { month, partner: 'moodle', kind: 'rotations', count: 1 },
    { month, partner: null, kind: 'replays', count: 1 },
  ]);
  expect(await readToil(database, other, { months: 1, now: now + 1_000 })).toEqual([]);
  expect(await readToil(database, HUB_TENANT, { months: 1, now: now + 1_000 })).toHaveLength(4);
});
