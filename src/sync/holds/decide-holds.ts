import type { Entity } from '../../../contracts/roster.ts';
import type { RolloverPolicy, RunMode } from '../../../contracts/sync.ts';
import type { PlanCounts, PlanSummary } from '../engine.ts';
import type { Hold, HoldCode } from '../run.ts';
import { decideChangeHolds } from './decide-changes.ts';
import { allowanceAt, type Thresholds } from './thresholds.ts';

/** All that decides whether a plan waits for somebody. */
export interface HoldInput {
  plan: PlanSummary;
  mode: RunMode;
  /** What was to be read, and how many rows of each there were. */
  read: ReadonlyMap<Entity, number>;
  /** Of which some rows do not tell whose they are. */
  unread: ReadonlySet<Entity>;
  /** Users whose sourcedId has become another person's. */
  recycled: number;
  thresholds: Thresholds;
  rollover: RolloverPolicy | undefined;
  /** Which schools are shared, or how rows are read, is not what it was when the roster was last changed. */
  sharingChanged: boolean;
  readingChanged: boolean;
  /** Somebody has taken the last change back: the same may come again. */
  lastWasUndone: boolean;
  now: Date;
}

/** Holds that let creations and changes flow, where the source says so or a rollover asks for it. */
const ofRemovals: readonly HoldCode[] = ['removals', 'rollover_removals', 'entity_empty', 'rows_unread'];
/** Errors of rows that nobody can tell whose they are: what seems to be gone may stand in one of them. */
export const unreadCodes: readonly string[] = [
  'ragged_row',
  'unbalanced_quote',
  'sourced_id_empty',
  'sourced_id_missing',
  'sourced_id_invalid',
  'sourced_id_letters',
  'sourced_id_scientific',
  'sourced_id_too_long',
];
const few: readonly Entity[] = ['orgs', 'academicSessions'];
/** So much of an entity gone and as much new is the same people under other ids. */
const idsChangedShare = 0.9;
const idsChangedFloor = 10;
/** Half of what there is passes by no floor, unless it is as few rows as somebody tries things out with. */
const halfOfFew = 3;
/** Most holds of single schools that are told of one entity. */
const mostSchools = 100;

/** Why a plan waits for somebody; nothing: it may be applied. */
export function decideHolds(input: HoldInput): Hold[] {
  const totals = totalsOf(input.plan.counts);
  const removed = sum([...totals.values()], ({ removed }) => removed);
  const added = sum([...totals.values()], ({ created, restored }) => created + restored);
  const touched = removed + added + sum([...totals.values()], ({ changed }) => changed);
  const present = sum([...totals.values()], ({ present }) => present);
  const whole = (code: HoldCode, count: number): Hold => ({
    ...{ code, entity: null, school: null },
    ...{ count, total: present, allowed: 0 },
  });
  const holds: Hold[] = [];
  if (input.rollover === 'pause' && touched > 0) holds.push(whole('rollover_pause', touched));
  if (input.rollover === 'no_removals' && removed > 0) holds.push(whole('rollover_removals', removed));
  if (input.lastWasUndone && touched > 0) holds.push(whole('run_undone', touched));
  // More that is shared goes out to tools, and is looked at as less is.
  if (input.sharingChanged && removed + added > 0) holds.push(whole('sharing_changed', removed + added));
  if (input.readingChanged && removed > 0) holds.push(whole('reading_changed', removed));
  // The first roster changes nothing.
  const rows = new Map([...totals].map(([entity, { present }]) => [entity, present]));
  const changes = input.plan.massChanges.filter(({ entity }) => (rows.get(entity) ?? 0) > 0);
  holds.push(...decideChangeHolds(changes, input.recycled, rows));
  for (const [entity, total] of totals) {
    // What is not read goes because the institution does not want it, and has said so.
    if (input.read.has(entity)) holds.push(...holdsOfEntity(input, entity, total));
  }
  return holds;
}

/**
 * The holds that somebody has not agreed to yet: a plan that is made again after its approval is held only for what has grown.
 *
 * @param agreed holds of the plan that was approved
 */
export function decideNewHolds(holds: readonly Hold[], agreed: readonly Hold[]): Hold[] {
  return holds.filter(
    (hold) =>
      !agreed.some(
        ({ code, entity, school, count }) =>
          code === hold.code && entity === hold.entity && school === hold.school && count >= hold.count,
      ),
  );
}

/** Whether creations and changes may be applied while what is held waits. */
export function decideFlow(
  holds: readonly Hold[],
  plan: PlanSummary,
  holdsRemovalsOnly: boolean,
): 'all_waits' | 'removals_wait' {
  const others = plan.counts.some(({ created, changed, restored }) => created + changed + restored > 0);
  const codes = holds.map(({ code }) => code);
  if (!others || codes.some((code) => !ofRemovals.includes(code))) return 'all_waits';
  // A row that is bad for weeks is to keep nobody's changes back.
  const flows = codes.includes('rollover_removals') || codes.every((code) => code === 'rows_unread');
  return holdsRemovalsOnly || flows ? 'removals_wait' : 'all_waits';
}

function holdsOfEntity(
  { plan, mode, read, unread, thresholds, now }: HoldInput,
  entity: Entity,
  total: PlanCounts,
): Hold[] {
  const allowance = allowanceAt(thresholds, now);
  const holds: Hold[] = [];
  const hold = (code: HoldCode, school: string | null, count: number, of: number, allowed: number) =>
    holds.push({ code, entity, school, count, total: of, allowed });
  const rows = read.get(entity);
  const isFull = mode === 'full' && rows !== undefined;
  if (isFull && !plan.sealed.includes(entity) && (total.present > 0 || rows > 0)) {
    hold('entity_unsealed', null, rows, total.present, 0);
  }
  if (isFull && plan.sealed.includes(entity) && rows === 0 && total.present > 0) {
    hold('entity_empty', null, total.removed, total.present, 0);
  }
  if (isFull && unread.has(entity) && total.removed > 0) {
    hold('rows_unread', null, total.removed, total.present, 0);
  }
  const most = idsChangedShare * total.present;
  if (total.present >= idsChangedFloor && total.removed >= most && total.created + total.restored >= most) {
    hold('ids_changed', null, total.removed, total.present, Math.floor(most));
  }
  const floor = few.includes(entity) ? allowance.fewRemovedFloor : allowance.removedFloor;
  const lessThanHalf = Math.min(floor, belowHalf(total.present));
  const removals = allowed(total.present, allowance.removedPercent, lessThanHalf);
  if (total.removed > removals) hold('removals', null, total.removed, total.present, removals);
  const added = total.created + total.restored;
  const growth = allowed(total.present, allowance.grownPercent, allowance.grownFloor);
  // The first roster is all growth.
  if (total.present > 0 && added > growth) hold('growth', null, added, total.present, growth);
  for (const counts of plan.counts.filter((each) => each.entity === entity && each.school !== undefined)) {
    if (holds.length > mostSchools) break;
    // Half a school's classes or courses may well go at once, half its people do not.
    const cap = entity === 'users' ? belowHalf(counts.present) : Number.POSITIVE_INFINITY;
    const floor = Math.min(allowance.schoolRemovedFloor, cap);
    const most = allowed(counts.present, allowance.schoolRemovedPercent, floor);
    if (counts.removed > most) {
      hold('removals', counts.school ?? null, counts.removed, counts.present, most);
    }
    const grown = counts.created + counts.restored;
    const room = allowed(counts.present, allowance.grownPercent, allowance.grownFloor);
    if (counts.present > 0 && grown > room)
      hold('growth', counts.school ?? null, grown, counts.present, room);
  }
  return holds;
}

const allowed = (present: number, percent: number, floor: number) =>
  Math.max(floor, Math.floor((present * percent) / 100));

const belowHalf = (present: number) => Math.max(halfOfFew, Math.ceil(present / 2) - 1);

/** The counts of each entity over all its schools. */
function totalsOf(counts: readonly PlanCounts[]): Map<Entity, PlanCounts> {
  const totals = new Map<Entity, PlanCounts>();
  for (const each of counts) {
    const soFar = totals.get(each.entity);
    totals.set(each.entity, {
      entity: each.entity,
      school: undefined,
      present: (soFar?.present ?? 0) + each.present,
      created: (soFar?.created ?? 0) + each.created,
      changed: (soFar?.changed ?? 0) + each.changed,
      removed: (soFar?.removed ?? 0) + each.removed,
      restored: (soFar?.restored ?? 0) + each.restored,
    });
  }
  return totals;
}

function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}
