import type { Router } from 'express';
import express from 'express';
import type { School } from '../world.ts';
import type { LmsInside } from './app.ts';
import { mayChoose } from './content/content-routes.ts';
import { findContentPlacement } from './content/requests.ts';
import { createWithView, isOwnForm, notFound } from './course-view.ts';
import { findItem } from './directory.ts';
import { coursePath } from './pages/course-layout.ts';
import { courseHomePage, peoplePage, schoolsPage } from './pages/course-pages.ts';
import { formPostPage, messagePage } from './pages/hop-pages.ts';
import { itemPage, storagePage } from './pages/item-page.ts';
import { send } from './pages/layout.ts';
import { findPlacement } from './registration.ts';
import type { LmsSessions } from './sessions.ts';

/** The pages people see, and the link that starts a launch. */
export function courseRoutes(lms: LmsInside, sessions: LmsSessions): Router {
  const router = express.Router();
  const withView = createWithView(lms, sessions);

  router.get('/', (_request, response) => send(response, schoolsPage(lms.world, lms.portalHint?.())));
  router.get('/storage', (_request, response) => send(response, storagePage()));

  router.get('/schools/:school', (request, response) =>
    withView(request, response, (view) => {
      const { slug } = view.school;
      const offers = findContentPlacement(lms.registrations, slug) !== undefined;
      const choosesContent = offers && mayChoose(view.person);
      const hasTools = lms.registrations.some(({ deployments }) =>
        deployments.some(({ school }) => school === slug),
      );
      return send(response, courseHomePage(view, { choosesContent, hasTools }));
    }),
  );
  router.get('/schools/:school/people', (request, response) =>
    withView(request, response, (view) => send(response, peoplePage(view))),
  );

  router.get('/schools/:school/items/:item', (request, response) =>
    withView(request, response, (view) => {
      const item = findItem(view.school.course, request.params.item);
      if (!item) return notFound(response);
      return send(response, itemPage(view, item, lms.knobs.storageTarget));
    }),
  );

  router.get('/schools/:school/items/:item/launch', (request, response) =>
    withView(request, response, ({ school, person }, session) => {
      const item = findItem(school.course, request.params.item);
      if (item?.kind !== 'tool') return notFound(response);
      if (!findPlacement(lms.registrations, school.slug, item.tool)) {
        return send(
          response.status(404),
          messagePage('Not set up yet', 'This school has not added the tool.'),
        );
      }
      const login = lms.startLogin({ person: person.id, link: item.id, sessionId: session.id });
      response.set('Cache-Control', 'no-store');
      if (login.method === 'GET') return response.redirect(302, login.getUrl);
      return send(response, formPostPage(login.url, login.parameters));
    }),
  );

  router.post('/schools/:school/act-as', express.urlencoded({ extended: false }), (request, response) =>
    withView(request, response, ({ school }, session) => {
      const person: unknown = request.body?.person;
      if (!isOwnForm(request) || typeof person !== 'string') {
        return send(response.status(403), messagePage('Not switched', 'Use the form on the course page.'));
      }
      if (!sessions.actAs(session, school, person)) return notFound(response);
      return response.redirect(303, safeReturn(school, request.body?.back));
    }),
  );

  router.use((_request, response) => notFound(response));

  return router;
}

function safeReturn(school: School, back: unknown): string {
  const home = coursePath(school);
  return typeof back === 'string' && back.startsWith(`${home}/`) ? back : home;
}
