import type { Router } from 'express';
import express from 'express';
import type { LmsInside } from '../app.ts';
import { opaqueId } from '../claims.ts';
import { mediaTypes, scopes } from './ags.ts';
import type { GradebookMode } from './modes.ts';
import { scoreBody } from './score-body.ts';
import type { ServiceCall } from './service-call.ts';
import { fail, findCalledItem, isOfType, serviceCall } from './service-call.ts';

/** Where tools post scores. AGS 2.0 §3.4. */
export function scoreRoutes(lms: LmsInside): Router {
  const router = express.Router();
  const path = '/api/courses/:course/lineitems/:item/lineitem/scores';
  const json = express.json({ type: mediaTypes.score, limit: '1mb' });
  router.post(
    path,
    json,
    serviceCall(lms, [scopes.score], (call) => takeScore(lms, call)),
  );
  return router;
}

async function takeScore(lms: LmsInside, call: ServiceCall): Promise<unknown> {
  const { request, response, school } = call;
  const mode = lms.modes.of(school.slug);
  if (refusesFor(mode, lms, call)) return undefined;
  const item = findCalledItem(lms, call);
  if (!item) return fail(response, 404, 'There is no such line item.');
  if (!isOfType(request, mediaTypes.score))
    return fail(response, 415, `Send the score as ${mediaTypes.score}.`);
  const parsed = scoreBody.safeParse(request.body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail(response, 400, `${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { userId, submission: _submission, ...score } = parsed.data;
  const person = school.people.find(({ id }) => opaqueId('sub', id) === userId);
  if (!person) return fail(response, 404, 'Nobody in this course has that user id.');
  if (person.role === 'teacher' || person.role === 'assistant') {
    return fail(response, 422, 'This person has no grades in this course.');
  }
  const arrivedAt = lms.clock.now();
  const kept = lms.gradebook.record({ ...score, lineItemId: item.id, personId: person.id, arrivedAt });
  // AGS 2.0 §3.4.9.
  if (!kept) return fail(response, 409, 'A score with this timestamp or a later one is on record.');
  await lms.gradebook.saved();
  if (mode === 'storing_fails') return response.status(500).type('text').send('Internal error.\n');
  return response.status(204).end();
}

/** What the mode does to scores only. @returns whether the call has been answered */
function refusesFor(mode: GradebookMode, lms: LmsInside, { response, school }: ServiceCall): boolean {
  if (mode === 'refusing') {
    fail(response, 422, 'This course is not published: it takes no scores.');
    return true;
  }
  if (mode !== 'throttling') return false;
  const turn = lms.modes.takeTurn(school.slug, lms.clock.now());
  if (turn.taken) return false;
  response.set('Retry-After', String(turn.retryAfter));
  fail(response, 429, 'Too many scores at once.');
  return true;
}
