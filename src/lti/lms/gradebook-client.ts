import { agsScope } from '../../../contracts/scopes.ts';
import type { ServiceRegistration } from '../../connections/service-registrations.ts';
import type { Clock } from '../../platform/clock.ts';
import type { OutboundResponse } from '../../platform/outbound/fetch.ts';
import { quirksOf } from '../quirks.ts';
import { addQuery, addSegment } from './addresses.ts';
import { answerInvalid, type CallSubject, toServiceError } from './call-failure.ts';
import type { LmsConnections } from './connections.ts';
import type { LmsCourse, LmsGradebook, LmsLineItem } from './gradebook.ts';
import { readLineItem, writeLineItem } from './line-item.ts';
import { openRegistration } from './open-registration.ts';
import { jsonOf, readPages } from './pages.ts';
import { readResult } from './result.ts';
import type { CallService, ServiceRequest } from './service-calls.ts';

/** Media types of AGS 2.0 §3.2, §3.3: Moodle compares them character by character. */
const lineItemType = 'application/vnd.ims.lis.v2.lineitem+json';
const lineItemsType = 'application/vnd.ims.lis.v2.lineitemcontainer+json';
const resultsType = 'application/vnd.ims.lis.v2.resultcontainer+json';

const mostLineItems = 5_000;
const mostResults = 50_000;
/** For a whole reading of many pages; a page has its own, shorter limit. */
const defaultDeadlineMs = 60_000;

export interface GradebookServices {
  connections: LmsConnections;
  call: CallService;
  clock: Clock;
}

/** A gradebook's calls; `readResultsWithin` lets the caller end them sooner. */
export interface GradebookClient extends LmsGradebook {
  readResultsWithin(
    signal: AbortSignal,
    course: LmsCourse,
    lineItemUrl: string,
    subject?: string,
  ): ReturnType<LmsGradebook['readResults']>;
}

/** The hub as a tool at LMSs' gradebooks. */
export function createLmsGradebook({ connections, call, clock }: GradebookServices): GradebookClient {
  const open = (course: LmsCourse) => openRegistration(connections, course, 'course');

  async function succeed(
    course: LmsCourse,
    registration: ServiceRegistration,
    subject: CallSubject,
    request: Omit<ServiceRequest, 'signal'> & { signal?: AbortSignal },
  ): Promise<OutboundResponse> {
    const signal = request.signal ?? AbortSignal.timeout(defaultDeadlineMs);
    const outcome = await call(course, registration, { ...request, signal });
    if (outcome.kind === 'answered' && outcome.response.status < 300) return outcome.response;
    throw toServiceError(outcome, subject, clock.now());
  }

  /** One line item, sent or asked for, as the LMS then has it. */
  async function exchange(
    course: LmsCourse,
    subject: CallSubject,
    request: Pick<ServiceRequest, 'url' | 'method' | 'scope' | 'body'>,
    sent?: LmsLineItem,
  ): Promise<LmsLineItem> {
    const response = await succeed(course, await open(course), subject, {
      ...request,
      accept: lineItemType,
      ...(request.body !== undefined && { contentType: lineItemType }),
    });
    // A success without a body, as some LMSs answer a PUT, means: as it was sent.
    if (response.body.length === 0 && sent !== undefined) return sent;
    const item = readLineItem(jsonOf(response));
    if (item === undefined) throw answerInvalid();
    return item;
  }

  async function readResultsWithin(
    signal: AbortSignal,
    course: LmsCourse,
    lineItemUrl: string,
    subject?: string,
  ) {
    const registration = await open(course);
    const { pageSize, filtersByUser } = quirksOf(registration.family).grades;
    const results = await readPages({
      first: addQuery(addSegment(lineItemUrl, 'results'), {
        user_id: filtersByUser ? subject : undefined,
        limit: pageSize?.toString(),
      }),
      read: readResult,
      mostEntries: mostResults,
      fetch: (url) =>
        succeed(course, registration, 'line_item', {
          url,
          method: 'GET',
          scope: agsScope.resultReadonly,
          accept: resultsType,
          signal,
        }),
    });
    return subject === undefined ? results : results.filter((result) => result.subject === subject);
  }

  return {
    listLineItems: async (course, lineItemsUrl, filters) => {
      const registration = await open(course);
      const signal = AbortSignal.timeout(defaultDeadlineMs);
      const items = await readPages({
        // AGS 2.0 §3.2.5 to §3.2.7.
        first: addQuery(lineItemsUrl, {
          resource_link_id: filters.resourceLinkId,
          resource_id: filters.resourceId,
          tag: filters.tag,
          limit: quirksOf(registration.family).grades.pageSize?.toString(),
        }),
        read: readLineItem,
        mostEntries: mostLineItems,
        fetch: (url) =>
          succeed(course, registration, 'course', {
            url,
            method: 'GET',
            scope: agsScope.lineItemReadonly,
            accept: lineItemsType,
            signal,
          }),
      });
      return items.filter(
        ({ resourceLinkId, resourceId, tag }) =>
          (filters.resourceLinkId ?? resourceLinkId) === resourceLinkId &&
          (filters.resourceId ?? resourceId) === resourceId &&
          (filters.tag ?? tag) === tag,
      );
    },

    createLineItem: (course, url, item) =>
      exchange(course, 'course', {
        url,
        method: 'POST',
        scope: agsScope.lineItem,
        body: writeLineItem(item),
      }),

    readLineItem: (course, url) =>
      exchange(course, 'line_item', { url, method: 'GET', scope: agsScope.lineItemReadonly }),

    updateLineItem: (course, item) =>
      exchange(
        course,
        'line_item',
        { url: item.id, method: 'PUT', scope: agsScope.lineItem, body: writeLineItem(item) },
        item,
      ),

    deleteLineItem: async (course, url) => {
      const request = { url, method: 'DELETE', scope: agsScope.lineItem } as const;
      await succeed(course, await open(course), 'line_item', request);
    },

    readResults: (course, url, subject) =>
      readResultsWithin(AbortSignal.timeout(defaultDeadlineMs), course, url, subject),
    readResultsWithin,
  };
}
