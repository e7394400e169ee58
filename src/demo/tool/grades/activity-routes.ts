import type { Response, Router } from 'express';
import express from 'express';
import { messagePage, send } from '../pages.ts';
import type { ToolInside } from '../sample-tool.ts';
import { activityPage } from './activity-page.ts';
import { readHandIn } from './hand-in.ts';

/** Where learners hand in, and where everyone sees what the gradebook says. */
export function activityRoutes(tool: ToolInside): Router {
  const router = express.Router();
  const { activities, grades, clock } = tool;

  router.get('/activity/:key', async (request, response) => {
    const activity = activities.find(request.params.key, clock.now());
    if (!activity) return gone(response);
    const { place, userId, isLearner } = activity;
    const [lineItem, results] = await Promise.all([
      grades.readLineItem(place),
      grades.readResults(place, isLearner ? userId : undefined),
    ]);
    const sent = activities.sentFor(activity).filter((entry) => !isLearner || entry.userId === userId);
    const page = activityPage({
      path: request.path,
      activity,
      lineItem,
      results,
      sent,
      nameOf: activities.nameOf,
    });
    return send(response, page);
  });

  router.post(
    '/activity/:key',
    express.urlencoded({ extended: false, limit: '256kb' }),
    async (request, response) => {
      const now = clock.now();
      const activity = activities.find(request.params.key, now);
      if (!activity?.isLearner) return gone(response);
      const handIn = readHandIn(request.body ?? {});
      if (!handIn) {
        const message = 'Give a number from 0 to the maximum, or none at all.';
        return send(response.status(400), messagePage('That is no score', message));
      }
      const { userId, name, place } = activity;
      const score = { ...handIn, userId, timestamp: activities.nextMoment(activity, now) };
      const answer = await grades.postScore(place, score);
      const text = answer.ok ? 'Accepted' : answer.text;
      activities.addSent(activity, { ...score, name, status: answer.status, text });
      // Loading the page again must not send again.
      return response.redirect(303, request.path);
    },
  );

  return router;
}

function gone(response: Response): void {
  const message = 'Open the activity in your course again.';
  send(response.status(404), messagePage('This page is no longer open', message));
}
