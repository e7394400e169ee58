import type { Express } from 'express';
import express from 'express';
import type { Clock } from '../../platform/clock.ts';
import { authorizeRoutes } from './authorize-routes.ts';
import type { Launch, LtiClaims } from './claims.ts';
import { courseRoutes } from './course-routes.ts';
import type { LaunchStore } from './launches.ts';
import type { ToolRegistration } from './registration.ts';
import { createSessions } from './sessions.ts';
import type { SimulatedLms } from './simulated-lms.ts';

/** What the routes of the LMS work with. */
export interface LmsInside extends Omit<SimulatedLms, 'app'> {
  registrations: readonly ToolRegistration[];
  launches: LaunchStore;
  clock: Clock;
  claimsOf: (launch: Launch, nonce: string) => LtiClaims;
}

/** Lists every router of the simulated LMS. */
export function createLmsApp(lms: LmsInside): Express {
  const app = express();
  app.disable('x-powered-by');
  const sessions = createSessions();
  app.use('/browser', express.static(`${import.meta.dirname}/browser`));
  app.use(authorizeRoutes(lms, sessions));
  app.use(courseRoutes(lms, sessions));
  return app;
}
