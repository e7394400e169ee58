import type { Router } from 'express';
import express from 'express';
import type { LmsInside } from '../app.ts';
import { opaqueId } from '../claims.ts';
import { lineItemUrl } from './addresses.ts';
import { mediaTypes, scopes } from './ags.ts';
import type { LineItem } from './gradebook.ts';
import type { LineItemBody } from './line-item-body.ts';
import { lineItemBody } from './line-item-body.ts';
import { findPage, linkNext } from './paging.ts';
import type { ServiceCall } from './service-call.ts';
import { fail, findCalledItem, isOfType, isOwn, sendAs, serviceCall, takesType } from './service-call.ts';

const reading = [scopes.lineItemReadonly, scopes.lineItem];
const writing = [scopes.lineItem];

/** The line items of a course. AGS 2.0 §3.2. */
export function lineItemRoutes(lms: LmsInside): Router {
  const router = express.Router();
  const list = '/api/courses/:course/lineitems';
  const one = `${list}/:item/lineitem`;
  const json = express.json({ type: mediaTypes.lineItem, limit: '256kb' });

  router.get(
    list,
    serviceCall(lms, reading, (call) => {
      const { request, response } = call;
      if (!takesType(request, mediaTypes.lineItems)) return fail(response, 406, 'Accept line items.');
      const own = lms.gradebook.listLineItems(call.school.course.id).filter((item) => isOwn(item, call));
      const page = findPage(
        own.filter((item) => fits(item, request.query)),
        request.query,
        lms.pageSize,
      );
      if (!page) return fail(response, 400, 'The limit or the page is not understood.');
      linkNext(request, response, lms.baseUrl, page.next);
      return sendAs(
        response,
        mediaTypes.lineItems,
        page.entries.map((item) => toJson(call, item)),
      );
    }),
  );

  router.post(
    list,
    json,
    serviceCall(lms, writing, async (call) => {
      const body = readBody(call);
      if (!body) return undefined;
      const item = lms.gradebook.addLineItem(call.school.course.id, call.registration.clientId, body);
      await lms.gradebook.saved();
      return sendAs(call.response.status(201), mediaTypes.lineItem, toJson(call, item));
    }),
  );

  router.get(
    one,
    serviceCall(lms, reading, (call) => {
      const item = findCalledItem(lms, call);
      if (!item) return noItem(call);
      if (!takesType(call.request, mediaTypes.lineItem))
        return fail(call.response, 406, 'Accept a line item.');
      return sendAs(call.response, mediaTypes.lineItem, toJson(call, item));
    }),
  );

  router.put(
    one,
    json,
    serviceCall(lms, writing, async (call) => {
      const item = findCalledItem(lms, call);
      if (!item) return noItem(call);
      const body = readBody(call);
      if (!body) return undefined;
      const { id, courseId, clientId, deleted } = item;
      const replaced = { ...body, id, courseId, clientId, deleted };
      lms.gradebook.replaceLineItem(replaced);
      await lms.gradebook.saved();
      return sendAs(call.response, mediaTypes.lineItem, toJson(call, replaced));
    }),
  );

  router.delete(
    one,
    serviceCall(lms, writing, async (call) => {
      const item = findCalledItem(lms, call);
      if (!item) return noItem(call);
      lms.gradebook.removeLineItem(item);
      await lms.gradebook.saved();
      return call.response.status(204).end();
    }),
  );

  return router;
}

/** The line item in the body; undefined when the call has been refused for it. */
function readBody(call: ServiceCall): LineItemBody | undefined {
  const { request, response, school } = call;
  if (!isOfType(request, mediaTypes.lineItem)) {
    fail(response, 415, `Send the line item as ${mediaTypes.lineItem}.`);
    return undefined;
  }
  const parsed = lineItemBody.safeParse(request.body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    fail(response, 400, `${issue?.path.join('.')}: ${issue?.message}`);
    return undefined;
  }
  const { resourceLinkId } = parsed.data;
  const links = school.course.modules.flatMap(({ items }) => items);
  const known = links.some((link) => opaqueId('link', link.id) === resourceLinkId);
  if (resourceLinkId !== undefined && !known) {
    // AGS 2.0 §3.2.9.
    fail(response, 404, 'The resource link is not one of this course.');
    return undefined;
  }
  return parsed.data;
}

/** AGS 2.0 §3.2: filters, each where it is given. */
function fits(item: LineItem, query: ServiceCall['request']['query']): boolean {
  return (
    (query.resource_link_id === undefined || query.resource_link_id === item.resourceLinkId) &&
    (query.resource_id === undefined || query.resource_id === item.resourceId) &&
    (query.tag === undefined || query.tag === item.tag)
  );
}

function toJson({ place }: ServiceCall, item: LineItem): Record<string, unknown> {
  const { id, courseId: _course, clientId: _client, deleted: _deleted, ...body } = item;
  return { ...body, id: lineItemUrl(place, id) };
}

function noItem({ response }: ServiceCall) {
  return fail(response, 404, 'There is no such line item.');
}
