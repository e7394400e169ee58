import type { Request, Response } from 'express';
import type { LmsInside } from './app.ts';
import { findSchool } from './directory.ts';
import type { CourseView } from './pages/course-layout.ts';
import { messagePage } from './pages/hop-pages.ts';
import { send } from './pages/layout.ts';
import type { LmsSession, LmsSessions } from './sessions.ts';

/** Finds the school in the path and whom the visitor is there, then answers; without such a school, not found. */
export type WithView = (
  request: Request<{ school: string }>,
  response: Response,
  answer: (view: CourseView, session: LmsSession) => unknown,
) => void;

export function createWithView(lms: Pick<LmsInside, 'world'>, sessions: LmsSessions): WithView {
  return (request, response, answer) => {
    const school = findSchool(lms.world, request.params.school);
    if (!school) {
      notFound(response);
      return;
    }
    const session = sessions.open(request, response);
    const person = session.personAt(school);
    answer({ world: lms.world, school, person, path: request.path }, session);
  };
}

/** The session cookie is SameSite=None, so that another site's form would carry it too. */
export function isOwnForm(request: Request): boolean {
  const site = request.get('sec-fetch-site');
  return site === undefined || site === 'same-origin';
}

export function notFound(response: Response): void {
  send(response.status(404), messagePage('Not found', 'There is no such page on this platform.'));
}
