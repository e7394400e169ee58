import type { Request, RequestHandler, Response } from 'express';
import type { School } from '../../world.ts';
import type { LmsInside } from '../app.ts';
import { opaqueId } from '../claims.ts';
import type { ToolRegistration } from '../registration.ts';
import type { GradebookPlace } from './addresses.ts';
import { typeIdOf } from './endpoint-claim.ts';
import type { LineItem } from './gradebook.ts';

/** A call of a tool that may be made: who calls, and at which course. */
export interface ServiceCall {
  request: Request;
  response: Response;
  school: School;
  registration: ToolRegistration;
  place: GradebookPlace;
}

/**
 * Lets a call through to the handler when its access token is good, has one of the scopes and reaches the course.
 * What the school's mode does to every call is done before.
 */
export function serviceCall(
  lms: LmsInside,
  scopes: readonly string[],
  handle: (call: ServiceCall) => unknown,
): RequestHandler {
  return async (request, response) => {
    const school = lms.world.schools.find(
      ({ course }) => opaqueId('course', course.id) === request.params.course,
    );
    if (!school) return fail(response, 404, 'There is no such course.');
    const mode = lms.modes.of(school.slug);
    if (mode === 'slow') await new Promise((resolve) => setTimeout(resolve, lms.slowMs));
    if (mode === 'down') return response.status(503).type('text').send('Down for maintenance.\n');
    if (mode === 'forbidding') return fail(response, 403, 'This tool may not do that here.');
    const bearer = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? '';
    const grant = lms.accessTokens.find(bearer, lms.clock.now());
    const registration = lms.registrations.find(({ clientId }) => clientId === grant?.clientId);
    if (!grant || !registration || mode === 'switched_off') {
      // RFC 6750 §3.
      response.set('WWW-Authenticate', 'Bearer error="invalid_token"');
      return fail(response, 401, 'The access token is unknown or has expired.');
    }
    if (!scopes.some((scope) => grant.scopes.includes(scope))) {
      response.set('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scopes[0]}"`);
      return fail(response, 403, 'The access token lacks the scope for this.');
    }
    const typeId = typeIdOf(lms.registrations, registration);
    const deployed = registration.deployments.some((deployment) => deployment.school === school.slug);
    const reached = grant.school === undefined || grant.school === school.slug;
    if (!deployed || !reached || request.query.type_id !== String(typeId)) {
      return fail(response, 404, 'There is no such course for this tool.');
    }
    const place = { baseUrl: lms.baseUrl, courseId: school.course.id, typeId };
    return handle({ request, response, school, registration, place });
  };
}

/** The line item that the call names, when the tool made it or opens the link it came with. */
export function findCalledItem(lms: LmsInside, call: ServiceCall): LineItem | undefined {
  const item = lms.gradebook.findLineItem(call.school.course.id, String(call.request.params.item));
  return item && isOwn(item, call) ? item : undefined;
}

/** AGS 2.0 §3.2: a tool sees its own line items only. */
export function isOwn(item: LineItem, { registration, school }: ServiceCall): boolean {
  if (item.clientId !== null) return item.clientId === registration.clientId;
  const links = school.course.modules.flatMap(({ items }) => items);
  const link = links.find(({ id }) => opaqueId('link', id) === item.resourceLinkId);
  const deployment = registration.deployments.find((one) => one.school === school.slug);
  return link?.kind === 'tool' && deployment?.targets[link.tool] !== undefined;
}

/** Whether a request says that its body is of the media type; parameters are left aside. */
export function isOfType(request: Request, mediaType: string): boolean {
  const given = (request.get('content-type') ?? '').split(';')[0] ?? '';
  return given.trim().toLowerCase() === mediaType;
}

/** Whether the caller takes an answer of the media type (RFC 9110 §12.5.1). */
export function takesType(request: Request, mediaType: string): boolean {
  const accepted = (request.get('accept') ?? '').split(',').map((part) => part.split(';')[0]?.trim());
  return accepted.some((type) => type === mediaType || type === '*/*' || type === 'application/*');
}

/** Answers with JSON of the media type: as bytes, since express would add a charset that none of them has. */
export function sendAs(response: Response, mediaType: string, body: unknown): void {
  response.set('Content-Type', mediaType).send(Buffer.from(JSON.stringify(body)));
}

export function fail(response: Response, status: number, error: string): Response {
  return response.status(status).json({ error });
}
