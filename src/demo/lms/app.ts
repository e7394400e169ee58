import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import type { Clock } from '../../platform/clock.ts';
import type { CourseItem, School } from '../world.ts';
import { authorizeRoutes } from './authorize-routes.ts';
import type { Launch, LtiClaims } from './claims.ts';
import { contentRoutes } from './content/content-routes.ts';
import type { ContentRequests } from './content/requests.ts';
import { courseRoutes } from './course-routes.ts';
import type { AccessTokens } from './grades/access-tokens.ts';
import type { AssertionChecks } from './grades/assertion.ts';
import { gradebookPageRoutes } from './grades/gradebook-page-routes.ts';
import { lineItemRoutes } from './grades/line-item-routes.ts';
import { resultRoutes } from './grades/result-routes.ts';
import { scoreRoutes } from './grades/score-routes.ts';
import { tokenRoutes } from './grades/token-routes.ts';
import type { LaunchStore } from './launches.ts';
import { membershipRoutes } from './memberships/membership-routes.ts';
import type { PortalHint } from './pages/portal-hint.ts';
import { registerRoutes } from './registering/register-routes.ts';
import type { RegistrationTokens } from './registering/tokens.ts';
import { toolsPageRoutes } from './registering/tools-page-routes.ts';
import type { ToolRegistration } from './registration.ts';
import { createSessions } from './sessions.ts';
import type { SimulatedLms } from './simulated-lms.ts';

/** What the routes of the LMS work with. */
export interface LmsInside extends Omit<SimulatedLms, 'app'> {
  registrations: readonly ToolRegistration[];
  launches: LaunchStore;
  accessTokens: AccessTokens;
  assertions: AssertionChecks;
  /** How long every answer takes while the gradebook is slow. */
  slowMs: number;
  /** The most entries of one answer that lists something. */
  pageSize: number;
  /** How whoever runs the demo sees what the hub did for a school. */
  operatorHint: ((school: School) => string) | undefined;
  portalHint: (() => PortalHint | undefined) | undefined;
  clock: Clock;
  claimsOf: (launch: Launch & { content?: string }, nonce: string) => LtiClaims;
  contentRequests: ContentRequests;
  registrationTokens: RegistrationTokens;
  /** Adds a tool that has registered itself, for good where the LMS keeps such. */
  keepTool: (registration: ToolRegistration) => Promise<void>;
  /** Adds to a course. */
  shelve: (school: School, items: readonly CourseItem[]) => void;
  /** Reads tools' key sets. */
  fetch: typeof fetch;
}

/** Lists every router of the simulated LMS. */
export function createLmsApp(lms: LmsInside): Express {
  const app = express();
  app.disable('x-powered-by');
  const sessions = createSessions();
  app.use('/browser', express.static(`${import.meta.dirname}/browser`));
  app.use(authorizeRoutes(lms, sessions));
  app.use(tokenRoutes(lms));
  app.use(lineItemRoutes(lms));
  app.use(scoreRoutes(lms));
  app.use(resultRoutes(lms));
  app.use(membershipRoutes(lms));
  app.use(gradebookPageRoutes(lms, sessions));
  app.use(contentRoutes(lms, sessions));
  app.use(registerRoutes(lms));
  app.use(toolsPageRoutes(lms, sessions));
  app.use(courseRoutes(lms, sessions));
  app.use(answerFailure);
  return app;
}

/** A body that is no JSON is the caller's fault; express knows. Nothing of the inside is shown. */
function answerFailure(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const given = error instanceof Error && 'status' in error ? error.status : undefined;
  const status = typeof given === 'number' && given >= 400 && given < 500 ? given : 500;
  if (response.headersSent) response.end();
  else response.status(status).json({ error: status === 500 ? 'It failed.' : 'It is not understood.' });
}
