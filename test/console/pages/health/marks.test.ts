import { expect, test } from 'vitest';
import { listMarks, planBands, planDrawn, planTop } from '../../../../src/console/pages/health/marks.ts';
import { planRange } from '../../../../src/console/pages/health/ranges.ts';

const [from, to] = ['2026-09-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'];
const change = (id: number, type: 'settings' | 'hub_release', at = from) => ({
  ...{ changeId: String(id), tenantId: 't', type, action: 'x', connectionId: null, toolId: null, at },
});
const incident = (id: number, begin: string, end: string | null) => ({
  ...{ incidentId: String(id), tenantId: 't', severity: 'page' as const, cause: 'partner' as const },
  ...{ partner: null, connectionId: null, changeId: null, openedAt: begin, from: begin, to: end },
});

test('bands end where the chart does, and what lies outside is not drawn; exams lie over their term', () => {
  const band = (kind: 'term' | 'exams', begin: string, end: string) => ({
    kind,
    name: kind,
    from: begin,
    to: end,
  });
  const bands = planBands({
    ...{ from, to },
    bands: [
      band('exams', '2026-10-01T00:00:00Z', '2026-10-09T00:00:00Z'),
      band('term', '2026-08-01T00:00:00Z', '2027-01-01T00:00:00Z'),
      band('term', '2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z'),
    ],
  });
  expect(bands.map(({ kind }) => kind)).toEqual(['term', 'exams']);
  expect(bands[0]).toMatchObject({ from: Date.parse(from), to: Date.parse(to) });
});

test('few marks are all drawn; of many, changes of much reach and the longest incidents, while the list has all', () => {
  const changes = [
    change(1, 'hub_release'),
    ...Array.from({ length: 40 }, (_, id) => change(id + 2, 'settings')),
  ];
  const long = incident(99, '2026-10-01T00:00:00Z', null);
  const incidents = [
    ...Array.from({ length: 40 }, (_, id) => incident(id, '2026-10-02T00:00:00Z', '2026-10-02T01:00:00Z')),
    long,
  ];
  const drawn = planDrawn({ changes, incidents, to });
  expect(drawn.changes).toEqual([changes[0]]);
  expect(drawn.incidents[0]).toBe(long);
  expect(drawn.incidents).toHaveLength(12);
  expect(planDrawn({ changes: changes.slice(0, 3), incidents: [], to }).changes).toHaveLength(3);
  expect(listMarks({ changes, incidents })).toHaveLength(82);
  expect(listMarks({ changes: [change(1, 'settings')], incidents: [long] })[0]?.kind).toBe('incident');
});

test('the axis is as high as the most needs, and no flat line is drawn out of nothing', () => {
  expect([[], [0], [0.003], [0.011], [0.3], [1]].map(planTop)).toEqual([0.01, 0.01, 0.01, 0.02, 0.5, 1]);
});

test('times that the hub has a name for are asked for by it, others in whole five minutes', () => {
  const now = Date.UTC(2026, 10, 21, 10, 7, 30);
  expect(planRange('28d', now)).toEqual({ window: '28d' });
  expect(planRange('13w', now)).toEqual({
    ...{ from: '2026-08-22T10:10:00.000Z', to: '2026-11-21T10:10:00.000Z' },
  });
  expect(planRange('13w', now + 60_000)).toEqual(planRange('13w', now));
});
