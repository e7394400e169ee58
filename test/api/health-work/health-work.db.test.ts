import { beforeEach, expect, test } from 'vitest';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld, type EndpointName, type Sent } from '../support/api-world.ts';
import { calendarFile, openIncident } from '../support/health-work-rows.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = createApiWorld(testDatabase);
let school: Awaited<ReturnType<typeof world.addSchool>>;
let call: (name: EndpointName, sent?: Sent) => ReturnType<Awaited<ReturnType<typeof world.open>>['call']>;

beforeEach(async () => {
  school = await world.addSchool();
  const { slug, token } = school;
  const opened = await world.open();
  call = (name, { params = {}, ...sent } = {}) =>
    opened.call(name, { token, ...sent, params: { slug, ...params } });
});

test('a calendar is begun, imported into dry and in earnest, and corrected by hand', async () => {
  expect((await call('showCalendar')).body.code).toBe('calendar_missing');
  expect((await call('setCalendarZone', { body: { zone: 'Mars/Base' } })).body.code).toBe('zone_unknown');
  const dry = { zone: 'America/Chicago', dry: 'true' };
  const planned = await call('importCalendar', { body: calendarFile, query: dry });
  expect(planned.body).toMatchObject({
    spans: [{ kind: 'term', from: '2027-01-11', to: '2027-06-04' }],
    replaced: 0,
  });
  expect((await call('showCalendar')).status).toBe(404);
  await call('importCalendar', { body: calendarFile, query: { zone: 'America/Chicago' } });
  const span = { kind: 'break', name: 'Spring break', from: '2027-03-29', to: '2027-04-02' };
  const added = await call('addSpan', { body: { span, reason: 'From the office' } });
  expect(added.status).toBe(201);
  const { calendar } = (await call('showCalendar')).body;
  expect(calendar).toMatchObject({
    zone: 'America/Chicago',
    spans: [{ source: 'import' }, { ...span, source: 'manual' }],
  });
  const removed = await call('removeSpan', { params: { spanId: added.body.span.spanId } });
  expect(removed.body.span).toMatchObject(span);
  const wrong = { ...span, to: '2027-03-01' };
  expect((await call('addSpan', { body: { span: wrong } })).body.code).toBe('request_invalid');
  expect((await call('importCalendar', { body: Buffer.from('x') })).body.code).toBe('calendar_unreadable');
});

test('an onboarding is requested, moved and shown with its dwell; the hub sees lead times', async () => {
  const body = { name: 'Canvas', partner: 'canvas', kind: 'lms', promisedOn: '2026-12-24' };
  const { onboarding } = (await call('requestOnboarding', { body })).body;
  const params = { onboardingId: onboarding.onboardingId };
  world.clock.time += 86_400_000;
  const moved = await call('moveOnboarding', { params, body: { event: { type: 'advance' } } });
  expect(moved.body.onboarding).toMatchObject({ stage: 'agreement_signed', waitingOn: 'partner' });
  const back = { event: { type: 'return', to: 'live' } };
  expect((await call('moveOnboarding', { params, body: back })).body.code).toBe('onboarding_refused');
  const stable = { event: { type: 'seven_good_days' } };
  expect((await call('moveOnboarding', { params, body: stable })).body.code).toBe('request_invalid');
  const shown = await call('showOnboarding', { params });
  expect(shown.body).toMatchObject({
    dwellMs: { requested: 86_400_000, live: null },
    forecast: { kind: 'unknown' },
  });
  expect((await call('listOnboardings')).body.onboardings).toHaveLength(1);
  const everywhere = (await world.makeToken()).token;
  expect((await call('hubLeadTimes', { token: everywhere })).body.openAges).toContain(86_400_000);
});

test('incidents are listed, shown and taken, a school’s apart from the hub’s', async () => {
  const incidentId = await openIncident(database, school.tenantId, world.clock.now());
  const ofHub = await openIncident(database, HUB_TENANT, world.clock.now());
  expect((await call('listIncidents')).body.incidents).toMatchObject([{ incidentId, state: 'open' }]);
  world.clock.time += 60_000;
  const taken = await call('acknowledgeIncident', { params: { incidentId }, body: { reason: 'Mine' } });
  expect(taken.body.incident).toMatchObject({
    state: 'acknowledged',
    parts: { detect: 600_000, acknowledge: 60_000 },
  });
  expect((await call('acknowledgeIncident', { params: { incidentId } })).body.code).toBe('incident_not_open');
  expect((await call('showIncident', { params: { incidentId: ofHub } })).body.code).toBe('incident_unknown');
  const { token } = await world.makeToken();
  const seen = await call('listHubIncidents', { token, query: { state: 'open', days: '1' } });
  expect(seen.body.incidents.map((each: { incidentId: string }) => each.incidentId)).toContain(ofHub);
  expect((await call('showHubIncident', { token, params: { incidentId: ofHub } })).body.alerts).toEqual([]);
  await call('acknowledgeHubIncident', { token, params: { incidentId: ofHub } });
});

test('changes and budgets of a school are told', async () => {
  const { body } = await call('listChanges');
  expect(body.rate.all).toEqual({ changes: 0, failed: 0, unsettled: 0 });
  await call('pauseRoster', { params: { connectionId: school.connectionId } });
  const { changes, rate } = (await call('listChanges', { query: { days: '7' } })).body;
  expect(changes).toMatchObject([{ type: 'settings', connectionId: school.connectionId, isSettled: false }]);
  expect(rate.byType.settings).toEqual({ changes: 0, failed: 0, unsettled: 1 });
  expect((await call('showBudgets')).body).toEqual({ period: null, freeze: 'open', kinds: [] });
});
