import type { createPageEnvironments } from '../lti/pages/environment.ts';
import { errorPage } from '../lti/pages/error-page.ts';
import { pageHeaders } from '../lti/pages/headers.ts';
import type { ReasonTextGroup, Turn } from '../lti/reasons.ts';
import type { ErrorKind } from '../platform/errors.ts';
import type { RenderErrorPage } from '../platform/http/error-handler.ts';
import { chooseLanguage } from '../platform/i18n.ts';

/** The words for a failure that no flow gave a reason of its own. */
const wordsOfKind: Readonly<Record<ErrorKind, { texts: ReasonTextGroup; turn: Turn }>> = {
  input: { texts: 'message', turn: 'you' },
  unauthenticated: { texts: 'identity', turn: 'you' },
  forbidden: { texts: 'expired', turn: 'you' },
  not_found: { texts: 'link', turn: 'school' },
  conflict: { texts: 'expired', turn: 'you' },
  too_large: { texts: 'message', turn: 'partner' },
  rate_limited: { texts: 'busy', turn: 'you' },
  upstream: { texts: 'unreachable', turn: 'partner' },
  internal: { texts: 'internal', turn: 'hub' },
};

/** Renders failures in the hub's page style; the page may stand in an LMS's frame. */
export function createErrorPage(options: {
  pages: ReturnType<typeof createPageEnvironments>;
  frameAncestors: readonly string[];
}): RenderErrorPage {
  return ({ kind, code, message, reference, acceptLanguage }, response) => {
    response.set(pageHeaders({ frameAncestors: options.frameAncestors }));
    const page = options.pages(chooseLanguage({ acceptLanguage }));
    const { texts, turn } = wordsOfKind[kind];
    return errorPage(page, {
      title: page.text(`reason.${texts}.title`),
      happened: page.text(`reason.${texts}.happened`),
      next: page.text(`reason.${texts}.next`),
      turn,
      advice: `${code}: ${message}`,
      reference,
    });
  };
}
