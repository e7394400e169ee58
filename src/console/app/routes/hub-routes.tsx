import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Home } from '../home.tsx';
import { root } from './frame-routes.tsx';

const under = () => root;

const home = createRoute({ getParentRoute: under, path: '/', component: Home });
/** Shown by the gate before anybody is signed in. */
const signIn = createRoute({ getParentRoute: under, path: '/sign-in' });
const firstRun = createRoute({ getParentRoute: under, path: '/first-run' });
const invitation = createRoute({ getParentRoute: under, path: '/invitation' });
const account = createRoute({
  getParentRoute: under,
  path: '/account',
  component: lazyRouteComponent(() => import('../../pages/account/own-account.tsx'), 'OwnAccount'),
});
const board = createRoute({
  getParentRoute: under,
  path: '/onboarding',
  component: lazyRouteComponent(() => import('../../pages/onboarding/hub-board.tsx'), 'HubBoard'),
});
const hubLmsList = createRoute({
  getParentRoute: under,
  path: '/lms',
  component: lazyRouteComponent(() => import('../../pages/lms/hub-list.tsx'), 'HubLmsList'),
});
const hubLms = createRoute({
  getParentRoute: under,
  path: '/lms/$registrationId',
  component: lazyRouteComponent(() => import('../../pages/lms/hub-registration.tsx'), 'HubRegistrationPage'),
});
const institutions = createRoute({
  getParentRoute: under,
  path: '/institutions',
  component: lazyRouteComponent(() => import('../../pages/institutions/list.tsx'), 'InstitutionList'),
});
const jobs = createRoute({
  getParentRoute: under,
  path: '/jobs',
  component: lazyRouteComponent(() => import('../../pages/hub/jobs.tsx'), 'JobsPage'),
});
const partners = createRoute({
  getParentRoute: under,
  path: '/partners',
  component: lazyRouteComponent(() => import('../../pages/hub/partners.tsx'), 'PartnersPage'),
});
const settings = createRoute({
  getParentRoute: under,
  path: '/settings',
  component: lazyRouteComponent(() => import('../../pages/hub/settings.tsx'), 'SettingsPage'),
});
const connectors = createRoute({
  getParentRoute: under,
  path: '/connectors',
  component: lazyRouteComponent(() => import('../../pages/hub/connectors.tsx'), 'ConnectorsPage'),
});
const tools = createRoute({
  getParentRoute: under,
  path: '/tools',
  component: lazyRouteComponent(() => import('../../pages/tools/list.tsx'), 'ToolList'),
});
const tool = createRoute({
  getParentRoute: under,
  path: '/tools/$tool',
  component: lazyRouteComponent(() => import('../../pages/tools/tool.tsx'), 'ToolPage'),
});
const tokens = createRoute({
  getParentRoute: under,
  path: '/tokens',
  component: lazyRouteComponent(() => import('../../pages/hub/tokens.tsx'), 'TokensPage'),
});
const hubAudit = createRoute({
  getParentRoute: under,
  path: '/audit',
  component: lazyRouteComponent(() => import('../../pages/audit/audit.tsx'), 'HubAuditPage'),
});

/** Pages about the hub, and those of whoever is signed in. */
export const hubRoutes = [
  home,
  signIn,
  firstRun,
  invitation,
  account,
  board,
  hubLmsList,
  hubLms,
  institutions,
  jobs,
  partners,
  settings,
  connectors,
  tools,
  tool,
  tokens,
  hubAudit,
] as const;
