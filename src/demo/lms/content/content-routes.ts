import { randomUUID } from 'node:crypto';
import type { Router } from 'express';
import express from 'express';
import type { CourseItem, Person } from '../../world.ts';
import type { LmsInside } from '../app.ts';
import { opaqueId } from '../claims.ts';
import { createWithView, notFound } from '../course-view.ts';
import { addedPage, contentPage } from '../pages/content-pages.ts';
import { formPostPage, messagePage } from '../pages/hop-pages.ts';
import { send } from '../pages/layout.ts';
import type { LmsSessions } from '../sessions.ts';
import { type ContentItem, readContentAnswer } from './content-answer.ts';
import { type ContentRequest, findContentPlacement } from './requests.ts';

/** Who may change a course. */
export function mayChoose({ role }: Person): boolean {
  return role === 'teacher' || role === 'assistant';
}

/** Choosing content in a tool, and what comes of it. Deep Linking 2.0. */
export function contentRoutes(lms: LmsInside, sessions: LmsSessions): Router {
  const router = express.Router();
  const withView = createWithView(lms, sessions);

  router.get('/schools/:school/content', (request, response) =>
    withView(request, response, (view) => {
      const placed = findContentPlacement(lms.registrations, view.school.slug);
      if (!placed || !mayChoose(view.person)) return notFound(response);
      return send(response, contentPage(view, lms.knobs.storageTarget));
    }),
  );

  router.get('/schools/:school/content/launch', (request, response) =>
    withView(request, response, ({ school, person }, session) => {
      if (!findContentPlacement(lms.registrations, school.slug) || !mayChoose(person))
        return notFound(response);
      const login = lms.startContentLogin({ person: person.id, sessionId: session.id });
      response.set('Cache-Control', 'no-store');
      if (login.method === 'GET') return response.redirect(302, login.getUrl);
      return send(response, formPostPage(login.url, login.parameters));
    }),
  );

  const form = express.urlencoded({ extended: false, limit: '1mb' });
  router.post('/schools/:school/content/answer', form, async (request, response) => {
    const token: unknown = request.body?.JWT;
    const { issuer, contentRequests: requests, fetch, clock } = lms;
    const answer = await readContentAnswer(typeof token === 'string' ? token : '', {
      issuer,
      requests,
      fetch,
      now: clock.now(),
    });
    if (!answer.ok) return send(response.status(400), messagePage('Nothing was added', answer.problem));
    const { sessionId, school } = answer.request;
    if (sessionId !== undefined && sessionId !== sessions.findId(request)) {
      return send(response.status(403), messagePage('Nothing was added', 'Another browser asked for this.'));
    }
    const items = answer.items.flatMap((item) => toCourseItem(item, answer.request));
    for (const [at, item] of items.entries()) couple(answer.items[at], item, answer.request);
    lms.shelve(school, items);
    await lms.gradebook.saved();
    const { message, error } = answer;
    return send(response, addedPage(school, { titles: items.map(({ title }) => title), message, error }));
  });

  /** AGS 2.0 §3.1: the column that a link brings along. */
  function couple(
    given: ContentItem | undefined,
    item: CourseItem,
    { school, registration }: ContentRequest,
  ): void {
    if (given?.lineItem === undefined || item.kind !== 'tool') return;
    lms.gradebook.addLineItem(school.course.id, registration.clientId, {
      ...given.lineItem,
      label: given.lineItem.label ?? item.title,
      resourceLinkId: opaqueId('link', item.id),
    });
  }

  return router;
}

function toCourseItem(item: ContentItem, { school, deployment }: ContentRequest): CourseItem[] {
  const id = `${school.slug}-${randomUUID()}`;
  const title = item.title ?? 'Untitled';
  const [tool = ''] = Object.keys(deployment.targets);
  if (item.type === 'ltiResourceLink') {
    const placed = { kind: 'tool', id, title, description: item.text ?? '', tool, opensIn: 'frame' } as const;
    return [
      {
        ...placed,
        ...(item.url !== undefined && { target: item.url }),
        ...(item.custom !== undefined && { custom: item.custom }),
      },
    ];
  }
  return [
    {
      kind: 'reading',
      id,
      title,
      paragraphs: [item.text ?? '', item.url ?? ''].filter((text) => text !== ''),
    },
  ];
}
