import { createRootRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { UrlValues } from '../../parts/url-values.ts';
import { Gate } from '../gate.tsx';
import { NotFound } from '../home.tsx';

/** What stands around every page. */
export const root = createRootRoute({
  component: Gate,
  notFoundComponent: NotFound,
  // Every page reads its own values, and takes them for text that anybody may have written.
  validateSearch: (values): UrlValues => values as UrlValues,
});

/** What stands around the pages of one institution. */
export const institution = createRoute({
  getParentRoute: () => root,
  path: '/institutions/$slug',
  component: lazyRouteComponent(() => import('../../pages/institutions/frame.tsx'), 'InstitutionFrame'),
});
