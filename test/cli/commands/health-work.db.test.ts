import { beforeEach, expect, test } from 'vitest';
import {
  type ConnectionId,
  HUB_TENANT,
  type IncidentId,
  newId,
  type TenantId,
} from '../../../contracts/ids.ts';
import { addConnection, recordConnectionChange } from '../../../src/connections/connections.ts';
import { insertIncident } from '../../../src/health/incidents/incident-store.ts';
import { inScope } from '../../../src/health/notifications/targets.ts';
import { countHour } from '../../health/support/counts.ts';
import { createTestDatabase } from '../../support/database.ts';
import { clock, createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const line = createCommandLine(testDatabase);
const { done, hub } = line;
let slug: string;
let tenantId: TenantId;
const hour = 3_600_000;

beforeEach(async () => {
  slug = await line.makeTenant();
  tenantId = (await done('tenant', 'show', slug)).tenant.tenantId;
});

async function connect(kind: 'lms' | 'roster' = 'lms') {
  const connectionId = newId<ConnectionId>(clock.now());
  await database.withTenant(tenantId, (tx) =>
    addConnection(tx, { connectionId, kind, partner: 'canvas', name: 'LMS' }, clock.now()),
  );
  return connectionId;
}

const ics = (...events: string[][]) =>
  [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//x//EN'],
    ...events.flatMap((event) => ['BEGIN:VEVENT', ...event, 'END:VEVENT']),
    ...['END:VCALENDAR', ''],
  ].join('\r\n');

test('a calendar is begun, added to, imported into and shown', async () => {
  await done('calendar', 'zone', '--tenant', slug, '--zone', 'America/Chicago');
  const add = ['calendar', 'add', '--tenant', slug, '--kind', 'exams', '--name', 'Exams'];
  const { span } = await done(...add, '--from', '2025-12-08', '--to', '2025-12-12');
  const files = {
    'a.ics': ics(
      ['UID:1', 'SUMMARY:Block A', 'DTSTART;VALUE=DATE:20250901', 'DTEND;VALUE=DATE:20251213'],
      ['UID:2', 'SUMMARY:Play', 'DTSTART:20251001T100000Z', 'RRULE:FREQ=HOURLY'],
    ),
  };
  const words = ['calendar', 'import', 'a.ics', '--tenant', slug, '--match', 'term=block'];
  const dry = await hub([...words, '--dry'], files);
  expect(dry.out).toContain('Would replace 0 spans by 1; 1 events mean nothing here.');
  expect(dry.out).toContain('Event 2: rule_unsupported');
  expect((await hub(words, files)).exitCode).toBe(0);
  const { calendar } = await done('calendar', 'show', '--tenant', slug);
  expect(calendar.spans.map(({ kind }: { kind: string }) => kind)).toEqual(['term', 'exams']);
  await done('calendar', 'remove', span.spanId, '--tenant', slug);
  expect((await done('calendar', 'show', '--tenant', slug)).calendar.spans).toHaveLength(1);
  const wrong = await hub(['calendar', 'import', 'a.ics', '--tenant', slug, '--match', 'block'], files);
  expect(wrong).toMatchObject({ exitCode: 2, err: expect.stringContaining('meaning=text') });
});

test('an onboarding is requested, moved, shown and counted among the open ones', async () => {
  const words = ['--name', 'Canvas', '--partner', 'canvas', '--kind', 'lms', '--promised', '2025-10-01'];
  const { onboarding } = await done('onboarding', 'request', '--tenant', slug, ...words);
  const move = (...more: string[]) =>
    done('onboarding', 'move', onboarding.onboardingId, '--tenant', slug, ...more);
  expect((await move('--next')).onboarding.stage).toBe('agreement_signed');
  expect((await move('--waiting-on', 'school', '--no-promise')).onboarding).toMatchObject({
    ...{ waitingOn: 'school', promisedOn: null },
  });
  const shown = await hub(['onboarding', 'show', onboarding.onboardingId, '--tenant', slug]);
  expect(shown.out).toContain('No forecast: only 0 have passed the stage');
  expect(shown.out).toMatch(/SINCE +STAGE +WAITS FOR +SHOWN BY\n.*requested .* said so/);
  const both = await hub([
    'onboarding',
    'move',
    onboarding.onboardingId,
    '--tenant',
    slug,
    '--next',
    '--withdraw',
  ]);
  expect(both.exitCode).toBe(2);
  expect((await done('onboarding', 'list', '--tenant', slug)).onboardings).toHaveLength(1);
  expect((await done('onboarding', 'lead-times')).openAges.length).toBeGreaterThan(0);
});

test('incidents of a school and of the hub are listed apart, shown and taken', async () => {
  const open = async (owner: TenantId) => {
    const incidentId = newId<IncidentId>(clock.now());
    const base = { tenantId: owner, severity: 'page', partner: 'canvas', connectionId: undefined } as const;
    const cause = { cause: 'partner', key: incidentId, isShared: true, changeId: undefined } as const;
    const incident = { ...base, ...cause, firstFailedAt: clock.now() - hour, alerts: [] };
    await inScope(database, owner, (tx) => insertIncident(tx, incidentId, incident, new Date(clock.now())));
    return incidentId;
  };
  const [own, ofHub] = [await open(tenantId), await open(HUB_TENANT)];
  const listed = await done('incident', 'list', '--tenant', slug);
  expect(listed.incidents).toMatchObject([{ incidentId: own, state: 'open' }]);
  expect((await done('incident', 'list', '--state', 'open')).incidents).toMatchObject([
    { incidentId: ofHub },
  ]);
  await done('incident', 'acknowledge', own, '--tenant', slug, '--reason', 'Looking');
  const { incident, parts } = await done('incident', 'show', own, '--tenant', slug);
  expect([incident.state, parts.detect, parts.acknowledge]).toEqual(['acknowledged', hour, 0]);
  const again = await hub(['incident', 'acknowledge', own, '--tenant', slug]);
  expect(again.err).toContain('acknowledged already');
  expect((await hub(['incident', 'show', ofHub, '--tenant', slug])).err).toContain('no such incident');
});

test('a target’s address comes from a file and is shown by no command', async () => {
  const files = { 'chat.txt': 'https://chat.example/T0KEN\n' };
  const words = [
    'target',
    'add',
    '--tenant',
    slug,
    '--channel',
    'webhook',
    '--name',
    'Ours',
    '--url-file',
    'chat.txt',
  ];
  const added = await hub(words, files);
  expect(added.out).toMatch(/shown only now: whsec_/);
  const { targets } = await done('target', 'list', '--tenant', slug);
  expect(targets).toMatchObject([{ channel: 'webhook', leastSeverity: 'page' }]);
  expect(JSON.stringify(targets)).not.toContain('T0KEN');
  expect((await done('target', 'news', '--tenant', slug)).news).toEqual([]);
  await done('target', 'remove', targets[0].targetId, '--tenant', slug);
  expect((await done('target', 'list', '--tenant', slug)).targets).toEqual([]);
});

test('a target is set, held to the exams’ being no lower, shown and taken back', async () => {
  const words = ['slo', 'set', '--tenant', slug, '--kind', 'launch', '--tier', 'standard'];
  const lower = await hub([...words, '--target', '0.99', '--exam-target', '0.9']);
  expect(lower.err).toContain('not below the usual one');
  await done(...words, '--target', '0.9', '--exam-target', '0.95');
  const launches = async () =>
    (await done('slo', 'list', '--tenant', slug)).levels.find(
      ({ kind, tier }: { kind: string; tier: string }) => kind === 'launch' && tier === 'standard',
    );
  expect(await launches()).toMatchObject({ target: 0.9, isSet: true });
  await done('slo', 'clear', '--tenant', slug, '--kind', 'launch', '--tier', 'standard');
  expect(await launches()).toMatchObject({ target: 0.995, isSet: false });
});

test('the exam budget of a school freezes its changes while its exams last', async () => {
  const connectionId = await connect();
  const series = { tenantId, connectionId, partner: 'canvas', kind: 'launch' };
  await done('calendar', 'zone', '--tenant', slug, '--zone', 'UTC');
  const add = (kind: string, from: string, to: string) =>
    done('calendar', 'add', '--tenant', slug, '--kind', kind, '--name', kind, '--from', from, '--to', to);
  await add('term', '2025-05-01', '2025-09-30');
  await countHour(superuser, series, clock.now() - 5 * 24 * hour, { success: 9_000, failed_partner: 20 });
  expect((await done('slo', 'budget', '--tenant', slug)).freeze).toBe('open');
  await add('exams', '2025-08-31', '2025-09-02');
  await countHour(superuser, series, clock.now() - 12 * hour, { success: 900, failed_partner: 9 });
  const { freeze, period, kinds } = await done('slo', 'budget', '--tenant', slug);
  expect([freeze, period]).toEqual(['frozen', 'exams']);
  expect(kinds).toMatchObject([
    { kind: 'launch', exams: { failed: 9, target: 0.9975 }, month: { failed: 29 } },
  ]);
});

test('changes are derived from the audit trail; what follows them says whether they failed', async () => {
  const connectionId = await connect();
  const series = { tenantId, connectionId, partner: 'canvas', kind: 'launch' };
  const at = clock.now() - 80 * hour;
  const change = (action: string, values: { before?: unknown; after?: unknown }, now: number) =>
    database.withTenant(tenantId, (tx) =>
      recordConnectionChange(tx, action, connectionId, values, { actor: 'operator:test', now }),
    );
  await change('lms.connected', { after: { url: 'a' } }, at - hour);
  await change('lms.updated', { before: { url: 'a' }, after: { url: 'b' } }, at);
  await countHour(superuser, series, at - 10 * hour, { success: 1_000, failed_partner: 1 });
  await countHour(superuser, series, at + 2 * hour, { success: 800, failed_config: 200 });
  await change('lms.updated', { before: { url: 'b' }, after: { url: 'a' } }, at + 3 * hour);
  const { changes, rate } = await done('change', 'list', '--tenant', slug);
  expect(changes).toHaveLength(2);
  expect(changes[0]).toMatchObject({
    ...{ verdict: { failures: ['rolled_back', 'burn'], isSettled: true }, comparison: { verdict: 'worse' } },
  });
  expect(rate.all).toEqual({ changes: 2, failed: 1, unsettled: 0 });
  // Reading again derives nothing twice.
  expect((await done('change', 'list', '--tenant', slug)).changes).toHaveLength(2);
});
