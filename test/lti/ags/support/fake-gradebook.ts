import type { LmsCourse, LmsGradebook, LmsLineItem, LmsResult } from '../../../../src/lti/lms/gradebook.ts';
import { DomainError } from '../../../../src/platform/errors.ts';

/** An LMS's gradebook that holds line items by the address of their container, and results by that of their item. */
export interface FakeGradebook extends LmsGradebook {
  containers: Map<string, LmsLineItem[]>;
  results: Map<string, LmsResult[]>;
  calls: { what: keyof LmsGradebook; course: LmsCourse; given: unknown[] }[];
  /** Thrown by every call while it is set. */
  failure: DomainError | undefined;
}

/** It ignores every filter, as some LMSs do. */
export function createFakeGradebook(): FakeGradebook {
  const containers: FakeGradebook['containers'] = new Map();
  const results: FakeGradebook['results'] = new Map();
  const calls: FakeGradebook['calls'] = [];
  let made = 0;

  const note = (what: keyof LmsGradebook, course: LmsCourse, ...given: unknown[]) => {
    calls.push({ what, course, given });
    if (fake.failure !== undefined) throw fake.failure;
  };
  const containerOf = (url: string) => {
    const items = [...containers.values()].find((each) => each.some(({ id }) => id === url));
    if (items === undefined) throw new DomainError('not_found', 'lms_line_item_gone', `Nothing at ${url}`);
    return items;
  };
  const fake: FakeGradebook = {
    containers,
    results,
    calls,
    failure: undefined,
    listLineItems: async (course, url, filters) => {
      note('listLineItems', course, url, filters);
      return [...(containers.get(url) ?? [])];
    },
    createLineItem: async (course, url, item) => {
      note('createLineItem', course, url, item);
      const created = { ...item, id: `${url.split('?')[0]}/made-${++made}?type_id=2` };
      containers.set(url, [...(containers.get(url) ?? []), created]);
      return created;
    },
    readLineItem: async (course, url) => {
      note('readLineItem', course, url);
      return containerOf(url).find(({ id }) => id === url)!;
    },
    updateLineItem: async (course, item) => {
      note('updateLineItem', course, item);
      const items = containerOf(item.id);
      items.splice(
        items.findIndex(({ id }) => id === item.id),
        1,
        item,
      );
      return item;
    },
    deleteLineItem: async (course, url) => {
      note('deleteLineItem', course, url);
      const items = containerOf(url);
      items.splice(
        items.findIndex(({ id }) => id === url),
        1,
      );
    },
    readResults: async (course, url, subject) => {
      note('readResults', course, url, subject);
      return [...(results.get(url) ?? [])];
    },
  };
  return fake;
}

/** A line item as the LMS shows it. */
export function lmsItem(id: string, changes: Partial<LmsLineItem> = {}): LmsLineItem {
  return { id, label: 'Quiz', scoreMaximum: 10, extensions: {}, ...changes };
}
