import { randomUUID } from 'node:crypto';
import type { World } from '../../world.ts';
import { opaqueId } from '../claims.ts';
import { gradedItems } from '../directory.ts';
import type { LineItemBody } from './line-item-body.ts';
import { parseMoment } from './moment.ts';
import type { KeptFields } from './score-body.ts';

/** A column of a course's gradebook. */
export interface LineItem extends LineItemBody {
  id: string;
  /** The course's id in the world. */
  courseId: string;
  /** The tool that made it; null for one that came with a link of the course. */
  clientId: string | null;
  deleted: boolean;
}

/** The last score of one person on one line item. */
export interface RecordedScore extends KeptFields {
  lineItemId: string;
  /** The person's id in the world. */
  personId: string;
  /** Unix milliseconds. */
  arrivedAt: number;
}

/** Everything that outlives the process. */
export interface GradebookRecord {
  lineItems: readonly LineItem[];
  scores: readonly RecordedScore[];
}

/** The grades of every course of the simulated LMS. Deleted line items are nowhere to be found. */
export interface Gradebook {
  listLineItems(courseId: string): readonly LineItem[];
  findLineItem(courseId: string, id: string): LineItem | undefined;
  addLineItem(courseId: string, clientId: string, body: LineItemBody): LineItem;
  replaceLineItem(item: LineItem): void;
  removeLineItem(item: LineItem): void;
  /** The line items that are coupled to a link, by the id that launches give it. */
  coupledTo(courseId: string, resourceLinkId: string): readonly LineItem[];
  /** Keeps the score unless one as new or newer is there: AGS 2.0 §3.4.9. @returns whether it was kept */
  record(score: RecordedScore): boolean;
  scoresOf(item: LineItem): readonly RecordedScore[];
  findScore(item: LineItem, personId: string): RecordedScore | undefined;
  /** Resolves when every change so far will survive the process. */
  saved(): Promise<void>;
}

/**
 * The gradebook of a world: what was on record, and a line item for each link that has none and carries points.
 *
 * @param keep writes down what is on record; asked after changes, by `saved`
 */
export function createGradebook(
  world: World,
  recorded: GradebookRecord = { lineItems: [], scores: [] },
  keep: (read: () => GradebookRecord) => Promise<void> = () => Promise.resolve(),
): Gradebook {
  const lineItems = new Map([...coupledItems(world), ...recorded.lineItems].map((item) => [item.id, item]));
  const scores = new Map<string, Map<string, RecordedScore>>();
  for (const score of recorded.scores) put(score);

  function put(score: RecordedScore): void {
    const ofItem = scores.get(score.lineItemId) ?? new Map<string, RecordedScore>();
    scores.set(score.lineItemId, ofItem.set(score.personId, score));
  }

  function listLineItems(courseId: string): readonly LineItem[] {
    return [...lineItems.values()].filter((item) => item.courseId === courseId && !item.deleted);
  }

  function readRecord(): GradebookRecord {
    const all = [...scores.values()].flatMap((ofItem) => [...ofItem.values()]);
    return { lineItems: [...lineItems.values()], scores: all };
  }

  return {
    listLineItems,
    findLineItem(courseId, id) {
      const item = lineItems.get(id);
      return item?.courseId === courseId && !item.deleted ? item : undefined;
    },
    addLineItem(courseId, clientId, body) {
      const item = { ...body, id: randomUUID(), courseId, clientId, deleted: false };
      lineItems.set(item.id, item);
      return item;
    },
    replaceLineItem: (item) => void lineItems.set(item.id, item),
    removeLineItem(item) {
      lineItems.set(item.id, { ...item, deleted: true });
      scores.delete(item.id);
    },
    coupledTo: (courseId, resourceLinkId) =>
      listLineItems(courseId).filter((item) => item.resourceLinkId === resourceLinkId),
    record(score) {
      const last = scores.get(score.lineItemId)?.get(score.personId);
      if (last !== undefined && momentOf(score) <= momentOf(last)) return false;
      put(score);
      return true;
    },
    scoresOf: (item) => [...(scores.get(item.id)?.values() ?? [])],
    findScore: (item, personId) => scores.get(item.id)?.get(personId),
    saved: () => keep(readRecord),
  };
}

/** The score of a person in terms of the line item's maximum; null when there is none. */
export function resultScore(item: LineItem, score: RecordedScore): number | null {
  const { scoreGiven, scoreMaximum } = score;
  if (typeof scoreGiven !== 'number' || scoreMaximum === undefined) return null;
  // AGS 2.0 §3.4.5: scaled to the maximum of the line item; without rounding errors where they are the same.
  return scoreMaximum === item.scoreMaximum ? scoreGiven : (scoreGiven / scoreMaximum) * item.scoreMaximum;
}

function momentOf({ timestamp }: RecordedScore): number {
  return parseMoment(timestamp) ?? 0;
}

/** A link with points has its line item from the start: the declarative way of AGS 2.0 §3.1. */
function coupledItems({ schools }: World): LineItem[] {
  return schools.flatMap(({ course }) =>
    gradedItems(course).map((link) => ({
      id: opaqueId('lineitem', link.id),
      courseId: course.id,
      clientId: null,
      label: link.title,
      scoreMaximum: link.points,
      resourceLinkId: opaqueId('link', link.id),
      deleted: false,
    })),
  );
}
