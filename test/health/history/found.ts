import { expect } from 'vitest';
import type { HistoryTruth } from '../../../src/health/history/truth.ts';
import type { ReplayedIncident } from './replay.ts';

const minute = 60_000;

/** Expects one incident for each planted fault, in time, with its cause, and none for the planted noise. */
export function expectTruthFound(truth: HistoryTruth, incidents: readonly ReplayedIncident[]): void {
  const found = incidents.map(({ cause, key, severity }) => ({ cause, key, severity }));
  const { tenantId, connectionId } = truth.certificate;
  expect(found).toEqual([
    { cause: 'partner', key: `partner:${truth.outage.partner}`, severity: 'page' },
    { cause: 'certificate', key: `certificate:${tenantId}:${connectionId}`, severity: 'page' },
    {
      ...{ cause: 'our_change', severity: 'page' },
      key: `connector:${truth.release.partner}:${truth.release.version}`,
    },
  ]);
  // Time to detect, from the first moment of the fault: what fails needs traffic to show it.
  const toDetect = [truth.outage, truth.certificate, truth.release].map(
    ({ from }, index) => (incidents[index]!.openedAt - from) / minute,
  );
  expect(toDetect[0]).toBeLessThanOrEqual(30);
  expect(toDetect[1]).toBeLessThanOrEqual(60);
  expect(toDetect[2]).toBeLessThanOrEqual(240);
  for (const [index, { to }] of [truth.outage, truth.certificate, truth.release].entries()) {
    const { resolvedAt = Number.POSITIVE_INFINITY } = incidents[index]!;
    expect(resolvedAt).toBeGreaterThan(to);
    expect((resolvedAt - to) / minute).toBeLessThanOrEqual(24 * 60);
  }
}
