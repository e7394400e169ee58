import type { RequestHandler } from 'express';
import type { LineItem } from '../../grades/line-item.ts';
import { endLineItem, findLinksByLmsId, getLineItem, lineItemUnknown } from '../../grades/line-items.ts';
import { DomainError } from '../../platform/errors.ts';
import { isStorable } from '../claims.ts';
import type { LmsCourse, LmsLineItem } from '../lms/gradebook.ts';
import type { LtiServices } from '../services.ts';
import { lineItemAddress } from './addresses.ts';
import { answerAs } from './answer.ts';
import { type AgsCall, callOf } from './call.ts';
import { applyBody, type ChangedLineItemBody, parseChangedLineItem } from './line-item-body.ts';
import { askLms } from './lms-failures.ts';
import { mediaType } from './media-types.ts';
import { findReviewPlaces, writeReview } from './review.ts';
import { showLineItem } from './shown-line-item.ts';

type Services = Pick<LtiServices, 'gradebook' | 'clock'>;

/** The line item of the call's address, and where its LMS is asked. */
export async function getCalled(call: AgsCall): Promise<LineItem & LmsCourse> {
  const { tx, tenantId, contextId, toolId, lineItemId } = call;
  if (lineItemId === undefined) throw lineItemUnknown();
  return { ...(await getLineItem(tx, { lineItemId, contextId, toolId })), tenantId };
}

/** GET: one line item, as the LMS has it now. */
export function readLineItem({ gradebook }: Services): RequestHandler {
  return async (_request, response) => {
    const call = callOf(response);
    const item = await getCalled(call);
    const lms = await askLms(() => gradebook.readLineItem(item, item.lmsUrl));
    answerAs(response, mediaType.lineItem, await show(call, item, lms));
  };
}

/**
 * PUT: changes label, maximum, dates and the tool's own `resourceId` and `tag` at the LMS (AGS 2.0 §3.2). It replaces the
 * whole item there, and tools send parts: what the body leaves out goes back as the LMS has it. The link stays: an LMS
 * makes and unmakes that tie.
 */
export function updateLineItem(services: Services): RequestHandler {
  const { gradebook } = services;
  return async (request, response) => {
    const call = callOf(response);
    const body = parseChangedLineItem(request.body);
    const item = await getCalled(call);
    refuseOtherId(body, lineItemAddress(call.place, item.lineItemId));
    const before = await askLms(() => gradebook.readLineItem(item, item.lmsUrl));
    refuseOtherLink(body, (await findLink(call, item, before))?.resourceLinkId);
    const review = await changedReview(services, call, { item, before }, body);
    const wanted = { ...before, ...applyBody(body, before), submissionReview: review, id: item.lmsUrl };
    const lms = await askLms(() => gradebook.updateLineItem(item, wanted));
    answerAs(response, mediaType.lineItem, await show(call, item, lms));
  };
}

/** DELETE: at the LMS, and then here. One that is gone there already is deleted all the same. */
export function deleteLineItem({ gradebook, clock }: Services): RequestHandler {
  return async (_request, response) => {
    const call = callOf(response);
    const item = await getCalled(call);
    try {
      await gradebook.deleteLineItem(item, item.lmsUrl);
    } catch (error) {
      const gone = error instanceof DomainError && error.code === 'lms_line_item_gone';
      if (!gone) await askLms(() => Promise.reject(error));
    }
    await endLineItem(call.tx, item.lineItemId, clock.now());
    response.status(204).end();
  };
}

async function show(call: AgsCall, item: LineItem, lms: LmsLineItem) {
  const reviews = await findReviewPlaces(call, item.connectionId, [lms]);
  return showLineItem(call.place, item, lms, await findLink(call, item, lms), reviews);
}

/** As with the other members: absent is "as it is", `null` is "none". */
async function changedReview(
  { clock }: Services,
  call: AgsCall,
  { item, before }: { item: LineItem; before: LmsLineItem },
  { submissionReview }: ChangedLineItemBody,
) {
  if (submissionReview === undefined) return before.submissionReview;
  if (submissionReview === null) return undefined;
  const { connectionId, lmsUrl } = item;
  const hasLink = before.resourceLinkId !== undefined;
  const line = { connectionId, address: lmsUrl, hasLink, before, now: clock.now() };
  return writeReview(call, line, submissionReview);
}

async function findLink(call: AgsCall, item: LineItem, lms: LmsLineItem) {
  if (lms.resourceLinkId === undefined || !isStorable(lms.resourceLinkId)) return undefined;
  const [link] = await findLinksByLmsId(call.tx, item, [lms.resourceLinkId]);
  return link;
}

function refuseOtherId({ id }: ChangedLineItemBody, address: string): void {
  if (id !== undefined && id !== null && id !== address) throw fixed('id');
}

function refuseOtherLink({ resourceLinkId }: ChangedLineItemBody, present: string | undefined): void {
  if (resourceLinkId !== undefined && (resourceLinkId || undefined) !== present)
    throw fixed('resourceLinkId');
}

function fixed(member: string): DomainError {
  const message = 'A line item keeps this for good. Leave it out, or send it as it is.';
  return new DomainError('input', 'line_item_invalid', `${member}: ${message}`, {
    details: { issues: [{ path: member, message }] },
  });
}
