import type { Router } from 'express';
import express from 'express';
import type { LmsInside } from '../app.ts';
import { createWithView, isOwnForm } from '../course-view.ts';
import { coursePath } from '../pages/course-layout.ts';
import { gradebookPage } from '../pages/gradebook-page.ts';
import { messagePage } from '../pages/hop-pages.ts';
import { send } from '../pages/layout.ts';
import type { LmsSessions } from '../sessions.ts';
import { isMode } from './modes.ts';

/** The gradebook as people see it, and the teacher's switch. */
export function gradebookPageRoutes(lms: LmsInside, sessions: LmsSessions): Router {
  const router = express.Router();
  const withView = createWithView(lms, sessions);

  router.get('/schools/:school/gradebook', (request, response) =>
    withView(request, response, (view) => {
      const { slug, course } = view.school;
      const columns = lms.gradebook
        .listLineItems(course.id)
        .map((item) => ({ item, scores: lms.gradebook.scoresOf(item) }));
      const hint = lms.operatorHint?.(view.school);
      // Scores change under way: going back in the browser shows what is there now.
      response.set('Cache-Control', 'no-store');
      send(response, gradebookPage(view, { columns, mode: lms.modes.of(slug), hint }));
    }),
  );

  router.post(
    '/schools/:school/gradebook/mode',
    express.urlencoded({ extended: false }),
    (request, response) =>
      withView(request, response, ({ school, person }) => {
        const mode: unknown = request.body?.mode;
        if (!isOwnForm(request) || person.role !== 'teacher' || !isMode(mode)) {
          const message = 'A teacher chooses this, with the form below the gradebook.';
          return send(response.status(403), messagePage('Not changed', message));
        }
        lms.modes.set(school.slug, mode);
        return response.redirect(303, coursePath(school, '/gradebook'));
      }),
  );

  return router;
}
