import {
  addKeptItem,
  deleteKeptItem,
  findKeptItem,
  type KeptItem,
  listKeptItems,
  listKeptResults,
  updateKeptItem,
} from '../grades/kept-items.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { LmsCourse, LmsGradebook, LmsLineItem, LmsResult, NewLmsLineItem } from './lms/gradebook.ts';

/** Addresses of what the hub keeps itself. No LMS can have one: those are web addresses. */
const classes = 'gatehouse:class/';
const items = 'gatehouse:line-item/';

/** The address of a class's gradebook that the hub keeps. */
export function keptGradebookOf(classId: string): string {
  return `${classes}${encodeURIComponent(classId)}`;
}

/** Whether an address is one of those, and no LMS's. */
export function isKept(address: string): boolean {
  return address.startsWith('gatehouse:');
}

const mostResults = 50_000;

/**
 * The gradebook of classes that no LMS keeps: columns stand in the hub's database, and results are what the tool has sent.
 * It throws as an LMS's does.
 */
export function createKeptGradebook({ db, clock }: { db: Database; clock: Clock }): LmsGradebook {
  async function getItem(course: LmsCourse, lineItemUrl: string): Promise<KeptItem> {
    const found = await findKeptItem(db.tenant(course.tenantId), course.connectionId, idOf(lineItemUrl));
    if (found === undefined) throw gone();
    return found;
  }

  return {
    listLineItems: async ({ tenantId, connectionId }, lineItemsUrl) => {
      const place = { connectionId, classId: classOf(lineItemsUrl) };
      return (await listKeptItems(db.tenant(tenantId), place)).map(show);
    },
    createLineItem: async ({ tenantId, connectionId }, lineItemsUrl, item) => {
      const place = { connectionId, classId: classOf(lineItemsUrl) };
      return show(await addKeptItem(db.tenant(tenantId), place, toContent(item), clock.now()));
    },
    readLineItem: async (course, lineItemUrl) => show(await getItem(course, lineItemUrl)),
    updateLineItem: async ({ tenantId, connectionId }, { id, ...item }) => {
      const changed = { ...toContent(item), keptId: idOf(id) };
      const now = new Date(clock.now());
      if (!(await updateKeptItem(db.tenant(tenantId), connectionId, changed, now))) throw gone();
      return show(changed);
    },
    deleteLineItem: async ({ tenantId, connectionId }, lineItemUrl) => {
      if (!(await deleteKeptItem(db.tenant(tenantId), connectionId, idOf(lineItemUrl)))) throw gone();
    },
    readResults: async (course, lineItemUrl, subject) => {
      const { scoreMaximum } = await getItem(course, lineItemUrl);
      const found = await listKeptResults(db.tenant(course.tenantId), course.connectionId, {
        lineItemUrl,
        subject,
        most: mostResults,
      });
      return found.map(
        (result): LmsResult => ({
          subject: result.subject,
          resultScore: scaled(result, scoreMaximum),
          resultMaximum: scoreMaximum,
          comment: result.comment,
          scoringUserId: undefined,
        }),
      );
    },
  };
}

/** Asks the hub's own gradebook about its own addresses, and LMSs about all others. */
export function withKeptGradebook(lms: LmsGradebook, kept: LmsGradebook): LmsGradebook {
  const whose = (address: string) => (isKept(address) ? kept : lms);
  return {
    listLineItems: (course, url, filters) => whose(url).listLineItems(course, url, filters),
    createLineItem: (course, url, item) => whose(url).createLineItem(course, url, item),
    readLineItem: (course, url) => whose(url).readLineItem(course, url),
    updateLineItem: (course, item) => whose(item.id).updateLineItem(course, item),
    deleteLineItem: (course, url) => whose(url).deleteLineItem(course, url),
    readResults: (course, url, subject) => whose(url).readResults(course, url, subject),
  };
}

/** AGS 2.0 §3.3.5.2: a result is out of the line item's maximum, a score out of its own. */
function scaled(
  { scoreGiven, scoreMaximum }: { scoreGiven: number | undefined; scoreMaximum: number | undefined },
  maximum: number,
): number | undefined {
  if (scoreGiven === undefined || scoreMaximum === undefined) return scoreGiven;
  return scoreMaximum === maximum ? scoreGiven : (scoreGiven / scoreMaximum) * maximum;
}

function show({ keptId, ...content }: KeptItem): LmsLineItem {
  return { ...content, id: `${items}${keptId}` };
}

function toContent({ submissionReview: _unknownHere, ...content }: NewLmsLineItem): Omit<KeptItem, 'keptId'> {
  return content;
}

/** The class of an address of `keptGradebookOf`. @throws DomainError not_found `lms_line_item_gone` */
export function classOf(lineItemsUrl: string): string {
  if (!lineItemsUrl.startsWith(classes)) throw gone();
  return decodeURIComponent(lineItemsUrl.slice(classes.length));
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function idOf(lineItemUrl: string): string {
  const id = lineItemUrl.slice(items.length);
  if (!lineItemUrl.startsWith(items) || !uuid.test(id)) throw gone();
  return id;
}

function gone(): DomainError {
  return new DomainError('not_found', 'lms_line_item_gone', 'The hub keeps no such line item (any more).');
}
