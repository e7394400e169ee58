import { expect, test } from 'vitest';
import type { Entity } from '../../../contracts/roster.ts';
import type { PlanCounts, PlanSummary } from '../../../src/sync/engine.ts';
import {
  decideFlow,
  decideHolds,
  decideNewHolds,
  type HoldInput,
} from '../../../src/sync/holds/decide-holds.ts';
import { allowanceAt, thresholds } from '../../../src/sync/holds/thresholds.ts';

const now = new Date('2026-11-21T00:00:00Z');

function counts(given: Partial<PlanCounts>): PlanCounts {
  const none = { present: 0, created: 0, changed: 0, removed: 0, restored: 0 };
  return { entity: 'users', school: undefined, ...none, ...given };
}

function input(given: PlanCounts[], changes: Partial<HoldInput> = {}): HoldInput {
  const plan: PlanSummary = {
    counts: given,
    samples: [],
    sealed: ['users'],
    offered: 0,
    rejected: 0,
    massChanges: [],
  };
  return {
    plan,
    mode: 'full',
    read: new Map<Entity, number>([['users', 1_000]]),
    unread: new Set(),
    recycled: 0,
    thresholds: thresholds.parse({}),
    rollover: undefined,
    sharingChanged: false,
    readingChanged: false,
    lastWasUndone: false,
    now,
    ...changes,
  };
}
const codes = (given: HoldInput) =>
  decideHolds(given).map(({ code, school }) => (school ? `${code} ${school}` : code));

test.each([
  // Percent and floor: what is below either passes.
  [1_000, 100, []],
  [1_000, 101, ['removals']],
  [100, 20, []],
  [100, 21, ['removals']],
  // Half is held whatever the floor, unless it is a handful.
  [40, 19, []],
  [40, 20, ['removals']],
  [15, 8, ['removals']],
  [4, 3, []],
  [4, 4, ['removals']],
])('of %i rows %i removed: %j', (present, removed, held) => {
  expect(codes(input([counts({ present, removed })]))).toEqual(held);
});

test('a school that loses much is held, though the district hardly notices', () => {
  const given = [
    counts({ school: 'big', present: 100_000 }),
    counts({ school: 'small', present: 400, removed: 400 }),
    counts({ school: 'tiny', present: 21, removed: 20 }),
    counts({ school: 'less', present: 41, removed: 20 }),
    counts({ school: 'trial', present: 3, removed: 3 }),
  ];
  expect(decideHolds(input(given))).toEqual([
    { code: 'removals', entity: 'users', school: 'small', count: 400, total: 400, allowed: 100 },
    { code: 'removals', entity: 'users', school: 'tiny', count: 20, total: 21, allowed: 10 },
  ]);
});

test('all classes of a school may be others, its people may not', () => {
  const given = { school: 's', present: 12, removed: 12, created: 12 };
  const others = { school: 't', present: 500 };
  const classes = [given, others].map((each) => counts({ ...each, entity: 'classes' }));
  expect(codes(input(classes))).toEqual([]);
  expect(codes(input([given, others].map(counts)))).toEqual(['removals s']);
});

test.each(['orgs', 'academicSessions'] as const)(
  'of %s a few may go, though more rows of others may',
  (entity) => {
    const of = (removed: number) =>
      codes(
        input([counts({ entity, present: 20, removed })], { mode: 'delta', read: new Map([[entity, 17]]) }),
      );
    expect(of(2)).toEqual([]);
    expect(of(3)).toEqual(['removals']);
  },
);

test('a percentage lets half of an entity go, a floor does not', () => {
  const plan = [counts({ present: 30, removed: 20 })];
  const held = (given: object) => codes(input(plan, { thresholds: thresholds.parse(given) }));
  expect(held({ removedFloor: 1_000 })).toEqual(['removals']);
  expect(held({ removedPercent: 70 })).toEqual([]);
});

test('large growth is held, but not the first roster, nor a few more', () => {
  expect(codes(input([counts({ present: 0, created: 50_000 })]))).toEqual([]);
  expect(codes(input([counts({ present: 2_000, created: 1_000 })]))).toEqual([]);
  expect(codes(input([counts({ present: 2_000, created: 1_001 })]))).toEqual(['growth']);
  expect(codes(input([counts({ present: 10, created: 500 })]))).toEqual([]);
});

test('the same people under other ids are held as that', () => {
  const held = codes(input([counts({ present: 100, removed: 95, created: 97 })]));
  expect(held).toContain('ids_changed');
  expect(codes(input([counts({ present: 15, removed: 14, created: 14 })]))).toEqual([
    'ids_changed',
    'removals',
  ]);
  expect(codes(input([counts({ present: 100, removed: 95, created: 10 })]))).not.toContain('ids_changed');
});

test('an entity that comes empty, or was not read to its end, is held where the roster has any of it', () => {
  const none = new Map<Entity, number>([['users', 0]]);
  expect(codes(input([counts({ present: 5, removed: 5 })], { read: none }))).toEqual([
    'entity_empty',
    'removals',
  ]);
  expect(codes(input([counts({})], { read: none }))).toEqual([]);
  const unsealed = input([counts({ present: 5 })]);
  unsealed.plan.sealed = [];
  expect(codes(unsealed)).toEqual(['entity_unsealed']);
  expect(codes({ ...unsealed, mode: 'delta' })).toEqual([]);
  const nothing = input([counts({})], { read: none });
  nothing.plan.sealed = [];
  expect(codes(nothing)).toEqual([]);
});

test('removals after a change of sharing or reading are looked at, however few, and what more is shared', () => {
  const one = [counts({ present: 1_000, removed: 1, changed: 1_000 })];
  expect(codes(input(one, { sharingChanged: true }))).toEqual(['sharing_changed']);
  expect(codes(input(one, { readingChanged: true }))).toEqual(['reading_changed']);
  const more = [counts({ present: 1_000, created: 1 })];
  expect(codes(input(more, { sharingChanged: true }))).toEqual(['sharing_changed']);
  expect(codes(input(more, { readingChanged: true }))).toEqual([]);
  const none = [counts({ present: 1_000, changed: 1_000 })];
  expect(codes(input(none, { sharingChanged: true, readingChanged: true }))).toEqual([]);
});

test('after a run was undone the next is looked at, unless it changes nothing', () => {
  expect(codes(input([counts({ present: 9, changed: 1 })], { lastWasUndone: true }))).toEqual(['run_undone']);
  expect(codes(input([counts({ present: 9 })], { lastWasUndone: true }))).toEqual([]);
});

test('a rollover holds all, or removals alone', () => {
  const given = [counts({ present: 100, removed: 1, created: 1 })];
  expect(codes(input(given, { rollover: 'pause' }))).toEqual(['rollover_pause']);
  expect(codes(input(given, { rollover: 'no_removals' }))).toEqual(['rollover_removals']);
  expect(codes(input([counts({ present: 100, created: 1 })], { rollover: 'no_removals' }))).toEqual([]);
  expect(codes(input([counts({ present: 100 })], { rollover: 'pause' }))).toEqual([]);
});

test('beside rows that could not be read removals wait, however few, and all else flows', () => {
  const unread = new Set<Entity>(['users']);
  const given = input([counts({ present: 1_000, removed: 1, created: 1 })], { unread });
  expect(codes(given)).toEqual(['rows_unread']);
  expect(decideFlow(decideHolds(given), given.plan, false)).toBe('removals_wait');
  expect(codes({ ...given, mode: 'delta' })).toEqual([]);
  expect(codes(input([counts({ present: 1_000, created: 1 })], { unread }))).toEqual([]);
  const others = input([counts({ present: 1_000, removed: 101, created: 1 })], { unread });
  expect(decideFlow(decideHolds(others), others.plan, false)).toBe('all_waits');
});

test("ids that become other people's are held beyond a few", () => {
  const of = (recycled: number, present: number) =>
    codes(input([counts({ present, changed: recycled })], { recycled }));
  expect(of(5, 30)).toEqual([]);
  expect(of(6, 30)).toEqual(['ids_recycled']);
  expect(of(20, 1_000)).toEqual([]);
  expect(of(21, 1_000)).toEqual(['ids_recycled']);
});

test.each([
  ['emptied', 10, 10, []],
  ['emptied', 11, 11, ['column_emptied']],
  ['emptied', 49, 100, []],
  ['emptied', 50, 100, ['column_emptied']],
  ['administrators', 10, 0, []],
  ['administrators', 11, 0, ['administrators']],
  ['administrators', 30, 30, []],
  ['administrators', 31, 30, ['administrators']],
] as const)('%s: %i rows where %i had it: %j', (kind, count, had, held) => {
  const given = input([counts({ present: 200, changed: count })]);
  const change = { kind, entity: 'users', count, had } as const;
  given.plan.massChanges = ['email', 'sms'].map((column) => ({ ...change, column }));
  expect(codes(given)).toEqual(held);
  // The first roster changes nothing.
  given.plan.counts = [counts({ created: 1_000 })];
  expect(codes(given)).toEqual([]);
});

test('what is not wanted any more goes without a hold', () => {
  const given = [counts({ entity: 'demographics', present: 500, removed: 500 })];
  expect(codes(input(given))).toEqual([]);
});

test('a column that hardly anybody has may be emptied', () => {
  const of = (count: number) => {
    const given = input([counts({ present: 2_000, changed: count })]);
    given.plan.massChanges = [{ kind: 'emptied', entity: 'users', column: 'sms', count, had: count }];
    return codes(given);
  };
  expect(of(100)).toEqual([]);
  expect(of(101)).toEqual(['column_emptied']);
});

test('a wider allowance that was agreed to ends by itself', () => {
  const given = thresholds.parse({
    wider: { removedPercent: 60, removedFloor: 50, until: '2026-11-22T00:00:00Z' },
  });
  expect(allowanceAt(given, now)).toMatchObject({
    removedPercent: 60,
    removedFloor: 50,
    schoolRemovedPercent: 60,
  });
  const plan = [counts({ school: 's', present: 1_000, removed: 500 })];
  expect(codes(input(plan, { thresholds: given }))).toEqual([]);
  const later = new Date('2026-11-22T00:00:00Z');
  expect(codes(input(plan, { thresholds: given, now: later }))).toEqual(['removals', 'removals s']);
});

test('creations flow while removals are held, where the source says so', () => {
  const { plan } = input([counts({ present: 100, removed: 50, created: 1 })]);
  const held = decideHolds(input(plan.counts));
  expect(decideFlow(held, plan, true)).toBe('removals_wait');
  expect(decideFlow(held, plan, false)).toBe('all_waits');
  const others = decideHolds(input(plan.counts, { lastWasUndone: true }));
  expect(decideFlow(others, plan, true)).toBe('all_waits');
  const onlyRemovals = { ...plan, counts: [counts({ present: 100, removed: 50 })] };
  expect(decideFlow(held, onlyRemovals, true)).toBe('all_waits');
});

test('a rollover without removals lets the rest flow, whatever the source says', () => {
  const given = [counts({ present: 1_000, removed: 1, created: 1 })];
  const held = decideHolds(input(given, { rollover: 'no_removals' }));
  expect(decideFlow(held, input(given).plan, false)).toBe('removals_wait');
});

test('a plan made again after its approval is held only for what has grown', () => {
  const agreed = decideHolds(input([counts({ present: 1_000, removed: 200 })]));
  const same = decideHolds(input([counts({ present: 1_000, removed: 199 })]));
  const more = decideHolds(input([counts({ present: 1_000, removed: 201 })]));
  expect(decideNewHolds(same, agreed)).toEqual([]);
  expect(decideNewHolds(more, agreed)).toEqual(more);
});
