import { expect, test } from 'vitest';
import { type Probed, sumFailures } from '../../../src/health/probes/failures.ts';
import { type Candidate, planProbes } from '../../../src/health/probes/plan.ts';
import { decideProbeEnd } from '../../../src/health/probes/run-probes.ts';
import { DomainError } from '../../../src/platform/errors.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.UTC(2026, 10, 18, 3);

const candidate = (connectionId: string, given: Partial<Candidate> = {}): Candidate => ({
  ...{ tenantId: 't', connectionId, partner: 'canvas', kind: 'launch' },
  ...{ lastTraffic: undefined, lastProbe: now - 20 * minute, ...given },
});
const plan = (...candidates: Candidate[]) =>
  planProbes(candidates, now, 10).map(({ connectionId }) => connectionId);

test('a partner over which something came within the hour is not asked', () => {
  const busy = candidate('a', { lastTraffic: now - 59 * minute });
  expect(plan(busy, candidate('b'))).toEqual([]);
  expect(plan({ ...busy, lastTraffic: now - hour }, candidate('b'))).toEqual(['a', 'b']);
});

test('a quiet partner is asked over three of its connections, the longest unasked ones', () => {
  const asked = (id: string, minutes: number) => candidate(id, { lastProbe: now - minutes * minute });
  expect(plan(asked('a', 20), asked('b', 50), asked('c', 40), asked('d', 30))).toEqual(['b', 'c', 'd']);
  // Those that were asked five minutes ago stand for it still.
  expect(plan(asked('a', 5), asked('b', 5), asked('c', 5), asked('d', 40))).toEqual([]);
});

test('a connection that is idle for a day is asked once a day, however busy its partner is', () => {
  const busy = candidate('a', { lastTraffic: now - minute });
  const idle = candidate('b', { lastProbe: now - 24 * hour });
  expect(plan(busy, idle, candidate('c'))).toEqual(['b']);
  expect(plan(busy, { ...idle, lastProbe: undefined })).toEqual(['b']);
});

test('a source is read from every six hours at most, whatever else is quiet', () => {
  const source = (lastProbe: number) => candidate('a', { kind: 'read', lastProbe });
  expect(plan(source(now - 5 * hour))).toEqual([]);
  expect(plan(source(now - 6 * hour))).toEqual(['a']);
});

test('a pass is bounded', () => {
  const many = Array.from({ length: 50 }, (_, index) => candidate(`${index}`, { lastProbe: undefined }));
  expect(plan(...many)).toHaveLength(10);
});

test('failures in a row are counted back to the last success, and what says nothing is passed over', () => {
  const probed = (outcome: Probed['outcome'], minutesAgo: number): Probed => ({
    ...{ tenantId: 't', connectionId: 'c', partner: 'canvas', kind: 'launch' },
    ...{ outcome, endedAt: now - minutesAgo * minute },
  });
  const rows = [
    probed('failed_partner', 15),
    probed('suppressed', 30),
    probed('failed_config', 45),
    probed('success', 60),
    probed('failed_partner', 75),
  ];
  expect(sumFailures(rows)).toMatchObject([
    { failures: 2, failedPartner: 1, since: now - 45 * minute, kind: 'launch' },
  ]);
  expect(sumFailures([probed('success', 5), ...rows])).toEqual([]);
});

test('what is thrown is judged by its kind; what cannot be asked says nothing', () => {
  const end = (kind: DomainError['kind'], code: string) =>
    decideProbeEnd(new DomainError(kind, code, 'x')).outcome;
  expect(end('upstream', 'jwks_unavailable')).toBe('failed_partner');
  expect(end('input', 'roster_settings_invalid')).toBe('failed_config');
  expect(end('upstream', 'outbound_host_down')).toBe('suppressed');
  expect(end('conflict', 'identity_not_checkable')).toBe('suppressed');
  expect(end('input', 'upload_missing')).toBe('suppressed');
  expect(decideProbeEnd(new Error('x'))).toEqual({ outcome: 'failed_hub', reason: 'internal' });
});
