import express, { type Express, type RequestHandler, type Router } from 'express';
import type { Log } from '../log.ts';
import { type Telemetry, telemetryOff } from '../telemetry.ts';
import { createErrorHandler, nothingHere, type RenderErrorPage } from './error-handler.ts';
import { logRequests } from './request-log.ts';
import { commonHeaders } from './security-headers.ts';
import { traceRequests } from './trace-requests.ts';

export interface HttpAppOptions {
  /** The hub is reached over https, through a proxy that ends TLS. */
  https: boolean;
  trustedProxyHops: number;
  log: Log;
  renderErrorPage: RenderErrorPage;
  /** Everything mounted, in order: the visible list stands in app.ts. A path takes in what lies below it. */
  routers: (Router | { path: string[]; handler: RequestHandler })[];
  telemetry?: Telemetry;
}

/** Puts the routers between what comes first for every request and what catches what they throw. */
export function createHttpApp(options: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');
  // RFC 7239 §8.1: only what our own proxies appended to X-Forwarded-For can be believed.
  app.set('trust proxy', options.trustedProxyHops);
  const telemetry = options.telemetry ?? telemetryOff;
  if (telemetry.on) app.use(traceRequests(telemetry));
  app.use(logRequests(options.log, telemetry));
  app.use(commonHeaders({ https: options.https }));
  for (const router of options.routers) {
    if ('path' in router) app.use(router.path, router.handler);
    else app.use(router);
  }
  app.use(nothingHere);
  app.use(createErrorHandler({ log: options.log, renderErrorPage: options.renderErrorPage }));
  return app;
}
