import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Headers every answer gets. Whatever stands in the way of frames, of forms posted to other sites or of
 * `window.opener` is left out here, since LTI lives on those; each kind of page adds its own.
 */
export function commonHeaders(options: { https: boolean }): RequestHandler {
  return helmet({
    contentSecurityPolicy: false,
    xFrameOptions: false,
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: false,
    strictTransportSecurity: options.https ? { maxAge: 31_536_000 } : false,
    // For Internet Explorer 8, Flash and the DNS alone: not worth their bytes on every launch.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xDnsPrefetchControl: false,
    xXssProtection: false,
    // With no-referrer a browser posts a form with `Origin: null`, which some tools refuse.
    referrerPolicy: { policy: 'strict-origin' },
  });
}

/** Who may frame a page that belongs to no registration: LMSs embed from their customers' own domains. */
export function defaultFrameAncestors(options: { local: boolean }): string[] {
  return options.local ? ['https:', 'http://localhost:*', 'http://*.localhost:*'] : ['https:'];
}
