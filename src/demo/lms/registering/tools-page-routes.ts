import { randomUUID } from 'node:crypto';
import type { Router } from 'express';
import express from 'express';
import { isLoopbackHost } from '../../../platform/outbound/url.ts';
import type { LmsInside } from '../app.ts';
import { createWithView, isOwnForm, notFound } from '../course-view.ts';
import { coursePath } from '../pages/course-layout.ts';
import { messagePage } from '../pages/hop-pages.ts';
import { send } from '../pages/layout.ts';
import { addToolPage, toolsPage } from '../pages/tools-pages.ts';
import type { LmsSessions } from '../sessions.ts';
import { configurationPath } from './register-routes.ts';

/** The pages where a school's teachers, who look after its course, see its tools and add one by its registration link. */
export function toolsPageRoutes(lms: LmsInside, sessions: LmsSessions): Router {
  const router = express.Router();
  const withView = createWithView(lms, sessions);
  const form = express.urlencoded({ extended: false });

  router.get('/schools/:school/tools', (request, response) =>
    withView(request, response, (view) => {
      if (view.person.role !== 'teacher') return notFound(response);
      return send(response, toolsPage(view, toolsOf(view.school.slug)));
    }),
  );

  router.post('/schools/:school/tools/add', form, (request, response) =>
    withView(request, response, (view) => {
      if (view.person.role !== 'teacher') return notFound(response);
      if (!isOwnForm(request)) return refuseForm(response);
      const link = readLink(request.body?.url);
      if (link === undefined) {
        const problem = 'Enter the whole registration link, beginning with https://.';
        return send(response.status(400), toolsPage(view, toolsOf(view.school.slug), problem));
      }
      // LTI Dynamic Registration 1.0 §3.3: what the platform adds to the tool's link.
      link.searchParams.set('openid_configuration', lms.baseUrl + configurationPath);
      link.searchParams.set('registration_token', lms.registrationTokens.issue(view.school, lms.clock.now()));
      response.set('Cache-Control', 'no-store');
      return send(response, addToolPage(view, link.href));
    }),
  );

  router.post('/schools/:school/tools/:clientId/link', form, (request, response) =>
    withView(request, response, ({ school, person }) => {
      const tool = toolsOf(school.slug).find(({ clientId }) => clientId === request.params.clientId);
      if (person.role !== 'teacher' || !tool) return notFound(response);
      if (!isOwnForm(request)) return refuseForm(response);
      const id = `${school.slug}-${randomUUID()}`;
      const placed = { title: tool.name, description: '', tool: tool.opens, opensIn: 'frame' } as const;
      lms.shelve(school, [{ kind: 'tool', id, ...placed }]);
      return response.redirect(303, coursePath(school, `/items/${id}`));
    }),
  );

  /** The school's tools, each with the name that a new link asks for it by. */
  function toolsOf(school: string) {
    return lms.registrations.flatMap(({ clientId, name, deployments }) => {
      const deployment = deployments.find((each) => each.school === school);
      const [first] = Object.keys(deployment?.targets ?? {});
      if (deployment === undefined || first === undefined) return [];
      return [{ clientId, name, deploymentId: deployment.deploymentId, opens: first }];
    });
  }

  return router;
}

function refuseForm(response: express.Response): void {
  send(
    response.status(403),
    messagePage('Nothing was added', 'Use the form on the page of the school’s tools.'),
  );
}

/** A link of the web, or of this machine; undefined for anything else. */
function readLink(given: unknown): URL | undefined {
  if (typeof given !== 'string' || !URL.canParse(given.trim())) return undefined;
  const link = new URL(given.trim());
  if (link.protocol === 'https:') return link;
  return link.protocol === 'http:' && isLoopbackHost(link.hostname) ? link : undefined;
}
