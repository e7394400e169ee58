import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import type { Alert } from '../../../src/health/incidents/alert.ts';
import { decideCause, type SuspectChange } from '../../../src/health/incidents/cause.ts';
import { type IncidentInput, type OpenIncident, planIncidents } from '../../../src/health/incidents/plan.ts';
import { splitRecovery, summariseRecovery } from '../../../src/health/incidents/recovery.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.UTC(2026, 10, 18, 9);
const partnerBlame = { failedPartner: 9, failedHub: 0, failedConfig: 1, expiredUnknown: 0 };

const alert = (given: Partial<Alert> = {}): Alert => {
  const { tenantId = 't1', connectionId = 'c1' } = given;
  return {
    ...{
      key: `burn:${tenantId}:${connectionId}`,
      rule: 'burn_fast',
      severity: 'page',
      tenantId,
      connectionId,
    },
    ...{
      partner: 'canvas',
      kind: 'launch',
      firstFailedAt: now - 5 * minute,
      blame: partnerBlame,
      schools: 1,
    },
    facts: {},
    ...given,
  };
};
const change = (given: Partial<SuspectChange> = {}): SuspectChange => ({
  ...{
    changeId: 'x',
    type: 'settings',
    tenantId: 't1',
    connectionId: 'c1',
    group: 'change:x',
    at: now - hour,
  },
  ...given,
});
const cause = (own: Alert, given: { changes?: SuspectChange[]; others?: Alert[]; ended?: number } = {}) => {
  const { changes = [], others = [], ended } = given;
  const gone = ended === undefined ? [] : [{ tenantId: 't1', connectionId: 'c1', notAfter: ended }];
  return decideCause(own, { changes, ended: gone, alerts: [own, ...others] });
};

test('what is suspected goes from the surest sign to the weakest', () => {
  const config = alert({ blame: { ...partnerBlame, failedConfig: 90 } });
  const elsewhere = alert({ tenantId: 't2', connectionId: 'c2' });
  const release = change({ type: 'connector_version', group: 'connector:canvas:2.1.0', at: now - 60 * hour });
  expect(cause(config, { ended: now - 6 * minute, changes: [change()] }).cause).toBe('certificate');
  expect(cause(alert(), { ended: now - 6 * minute }).cause).toBe('connection');
  expect(cause(alert(), { changes: [release], others: [elsewhere] })).toMatchObject({
    ...{ cause: 'our_change', key: 'connector:canvas:2.1.0', isShared: true },
  });
  expect(cause(alert(), { changes: [change()], others: [elsewhere] })).toMatchObject({
    key: 'partner:canvas',
  });
  expect(cause(alert(), { changes: [change()] })).toMatchObject({
    cause: 'our_change',
    changeId: 'x',
    isShared: false,
  });
  expect(cause(alert({ blame: { ...partnerBlame, failedHub: 90 } })).cause).toBe('hub');
  expect(cause(alert())).toMatchObject({ cause: 'connection', key: 'connection:t1:c1' });
});

test('a change is suspected only of what it touches, and only of what fails after it and soon', () => {
  const none = [
    change({ at: now + minute }),
    change({ at: now - 25 * hour }),
    change({ connectionId: 'c2' }),
    change({ tenantId: 't2' }),
    change({ type: 'connector_version', at: now - 73 * hour }),
  ];
  for (const each of none) expect(cause(alert(), { changes: [each] }).cause).toBe('connection');
  expect(cause(alert(), { changes: [change({ connectionId: undefined })] }).cause).toBe('our_change');
  expect(
    cause(alert(), {
      changes: [
        change({ type: 'hub_release', tenantId: undefined, connectionId: undefined, group: 'release:x' }),
      ],
    }).isShared,
  ).toBe(true);
});

const input = (given: Partial<IncidentInput>): IncidentInput => ({
  ...{ now, alerts: [], open: [], justResolved: [], series: new Map() },
  context: { changes: [], ended: [] },
  ...given,
});

test('alerts of one cause are one incident', () => {
  const alerts = ['t1', 't2', 't3'].map((tenantId) => alert({ tenantId, connectionId: `c-${tenantId}` }));
  const steps = planIncidents(input({ alerts }));
  expect(steps).toMatchObject([
    { kind: 'open', incident: { tenantId: HUB_TENANT, partner: 'canvas', alerts } },
  ]);
});

const open = (given: Partial<OpenIncident> = {}): OpenIncident => ({
  ...{ tenantId: 't1', incidentId: 'i1', state: 'open', severity: 'page', causeKey: 'connection:t1:c1' },
  ...{ recoveredAt: undefined, lastFiredAt: now, alertKeys: ['burn:t1:c1'] },
  ...given,
});
const counts = (valid: number, failed: number) => ({ valid, failed });
const seen = (recent: { valid: number; failed: number }, backlog = 0) => {
  const windows = { '5m': recent, '30m': recent, '1h': recent, '6h': recent, '3d': recent };
  return new Map([['burn:t1:c1', { windows, target: 0.995, backlog }]]);
};

test('it recovers with proof of traffic and an empty backlog, relapses, and ends half an hour after the last relapse', () => {
  const kinds = (given: Partial<IncidentInput>) => planIncidents(input(given)).map(({ kind }) => kind);
  expect(kinds({ open: [open()], series: seen(counts(100, 0)) })).toEqual(['recover']);
  expect(kinds({ open: [open()], series: seen(counts(100, 0), 3) })).toEqual([]);
  expect(kinds({ open: [open()], series: seen(counts(100, 9)) })).toEqual([]);
  // No traffic proves nothing, until it is long ago.
  expect(kinds({ open: [open()], series: seen(counts(0, 0)) })).toEqual([]);
  expect(kinds({ open: [open({ lastFiredAt: now - 73 * hour })] })).toEqual(['recover']);
  const calm = (ms: number) => open({ recoveredAt: now - ms });
  expect(kinds({ open: [calm(29 * minute)], series: seen(counts(100, 0)) })).toEqual([]);
  expect(kinds({ open: [calm(30 * minute)], series: seen(counts(100, 0)) })).toEqual(['resolve']);
  expect(kinds({ open: [calm(29 * minute)], series: seen(counts(100, 9)) })).toEqual(['relapse']);
  expect(kinds({ open: [calm(minute)], alerts: [alert()] })).toEqual(['relapse', 'fire']);
});

test('what is left of an ended incident in the long windows opens nothing anew; new fast failures do', () => {
  const justResolved = [{ causeKey: 'connection:t1:c1', alertKeys: ['burn:t1:c1'] }];
  const slow = alert({ rule: 'burn_budget', severity: 'ticket' });
  expect(planIncidents(input({ alerts: [slow], justResolved }))).toEqual([]);
  expect(planIncidents(input({ alerts: [alert()], justResolved }))).toMatchObject([{ kind: 'open' }]);
});

test('no incident of a school ever holds an alert of another', () => {
  const school = fc.constantFrom('t1', 't2', 't3', undefined);
  const anyAlert = fc
    .record({ tenantId: school, hub: fc.boolean(), partner: fc.constantFrom('canvas', 'moodle') })
    .map(({ tenantId, hub, partner }) => ({
      ...alert({ partner, blame: hub ? { ...partnerBlame, failedHub: 90 } : partnerBlame, schools: 2 }),
      ...{ tenantId, connectionId: tenantId && `c-${tenantId}`, key: `burn:${tenantId}:${partner}` },
    }));
  const anyChange = fc.record({ tenantId: school, version: fc.boolean() }).map(({ tenantId, version }) =>
    change({
      ...{ tenantId, connectionId: undefined, type: version ? 'connector_version' : 'settings' },
      group: version ? 'connector:canvas:2' : tenantId === undefined ? 'release:x' : `change:${tenantId}`,
    }),
  );
  const anyOpen = fc
    .constantFrom('partner:canvas', 'hub', 'connector:canvas:2', 'release:x')
    .map((causeKey) => open({ tenantId: HUB_TENANT, causeKey, alertKeys: [] }));
  fc.assert(
    fc.property(
      fc.array(anyAlert, { maxLength: 6 }),
      fc.array(anyChange, { maxLength: 3 }),
      fc.array(anyOpen, { maxLength: 2 }),
      (alerts, changes, opened) => {
        for (const step of planIncidents(input({ alerts, open: opened, context: { changes, ended: [] } }))) {
          const { tenantId } = step.incident;
          const own = step.kind === 'open' ? step.incident.alerts : step.kind === 'fire' ? step.alerts : [];
          if (tenantId !== HUB_TENANT) for (const each of own) expect(each.tenantId).toBe(tenantId);
        }
      },
    ),
  );
});

test('time to recover is split; what ended before anybody took it was mitigated from when it was noticed', () => {
  const times = { firstFailedAt: 0, openedAt: 5, acknowledgedAt: 15, recoveredAt: 60, resolvedAt: 90 };
  expect(splitRecovery(times)).toEqual({ detect: 5, acknowledge: 10, mitigate: 45, recover: 90 });
  const late = { ...times, acknowledgedAt: 70 };
  expect(splitRecovery(late)).toEqual({ detect: 5, acknowledge: 65, mitigate: 55, recover: 90 });
  const unresolved = { ...times, acknowledgedAt: undefined, recoveredAt: undefined, resolvedAt: undefined };
  expect(splitRecovery(unresolved)).toEqual({
    detect: 5,
    acknowledge: undefined,
    mitigate: undefined,
    recover: undefined,
  });
  const many = [10, 20, 30, 40, 1_000].map((resolvedAt) => ({ ...times, resolvedAt }));
  expect(summariseRecovery([...many, unresolved])).toEqual({ resolved: 5, median: 30, p90: 1_000 });
});
