import type { Express } from 'express';
import express from 'express';
import type { Clock } from '../../platform/clock.ts';
import { systemClock } from '../../platform/clock.ts';
import { classListRoutes } from './class-list/class-list-routes.ts';
import { choiceRoutes } from './content/choice-routes.ts';
import type { ContentRequest } from './content/content-request.ts';
import { createAccessTokenSource } from './grades/access-token.ts';
import type { Activities } from './grades/activities.ts';
import { createActivities } from './grades/activities.ts';
import { activityRoutes } from './grades/activity-routes.ts';
import type { GradeService } from './grades/service.ts';
import { createGradeService } from './grades/service.ts';
import { createKeySetSource } from './key-set.ts';
import { launchRoutes } from './launch-routes.ts';
import { loginRoutes } from './login-routes.ts';
import type { LoginStore } from './logins.ts';
import { createLoginStore } from './logins.ts';
import { createOpenPages, type OpenPages } from './open-pages.ts';
import { messagePage, send } from './pages.ts';
import { createServiceCall, type ServiceCall } from './service-call.ts';
import { createToolSigner, type ToolSigner } from './signing-key.ts';
import type { KeySetSource } from './verify.ts';

/** The platform that the tool is registered with. */
export interface PlatformSettings {
  issuer: string;
  authorizeUrl: string;
  jwksUrl: string;
  /** Undefined: the tool calls no services. */
  tokenUrl?: string;
  clientId: string;
}

export interface SampleToolOptions {
  /** Where browsers reach the tool, without a trailing slash. */
  baseUrl: string;
  platform: PlatformSettings;
  /** Fetches the key set and calls services; for demos whose names only the browser can resolve. */
  fetch?: typeof fetch;
  /** False: sets no cookie, so that only the platform's storage can prove the browser. Default true. */
  setsCookies?: boolean;
  clock?: Clock;
}

/** A small LTI 1.3 tool that shows what it was told, and sends scores. All state is in memory. */
export interface SampleTool {
  app: Express;
  loginUrl: string;
  /** The only redirect URI. */
  launchUrl: string;
  /** A target_link_uri for placements that need one. */
  targetUrl: string;
  /** Its public keys. */
  jwksUrl: string;
}

/** What the routes of the tool work with. */
export interface ToolInside {
  baseUrl: string;
  launchUrl: string;
  platform: PlatformSettings;
  logins: LoginStore;
  keySet: KeySetSource;
  activities: Activities;
  grades: GradeService;
  /** Class lists that launches have named, by the key of their page. */
  classLists: OpenPages<string>;
  /** What teachers are choosing for. */
  contentRequests: OpenPages<ContentRequest>;
  call: ServiceCall;
  signer: ToolSigner;
  clock: Clock;
  setsCookies: boolean;
}

/** Creates the sample tool; its express app still has to be put on a port. */
export function createSampleTool(options: SampleToolOptions): SampleTool {
  const { baseUrl, platform, clock = systemClock, setsCookies = true } = options;
  const launchUrl = `${baseUrl}/launch`;
  const fetchPlatform = options.fetch ?? fetch;
  const signer = createToolSigner();
  const accessToken = createAccessTokenSource({ platform, signer, fetch: fetchPlatform, clock });
  const call = createServiceCall(accessToken, fetchPlatform);
  const inside: ToolInside = {
    baseUrl,
    launchUrl,
    platform,
    logins: createLoginStore(),
    keySet: createKeySetSource(platform.jwksUrl, fetchPlatform),
    activities: createActivities(),
    grades: createGradeService(call),
    classLists: createOpenPages(),
    contentRequests: createOpenPages(),
    call,
    signer,
    clock,
    setsCookies,
  };

  const app = express();
  app.disable('x-powered-by');
  app.use('/browser', express.static(`${import.meta.dirname}/browser`));
  app.use(loginRoutes(inside));
  app.use(launchRoutes(inside));
  app.use(activityRoutes(inside));
  app.use(classListRoutes(inside));
  app.use(choiceRoutes(inside));
  app.get('/jwks.json', async (_request, response) => {
    response.json(await signer.keySet());
  });
  app.get(['/', '/activities/:id'], (_request, response) =>
    send(response, messagePage('Sample tool', 'Open this tool from a course in your learning platform.')),
  );
  return {
    app,
    loginUrl: `${baseUrl}/login`,
    launchUrl,
    targetUrl: `${baseUrl}/`,
    jwksUrl: `${baseUrl}/jwks.json`,
  };
}
