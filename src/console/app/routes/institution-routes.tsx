import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { institution } from './frame-routes.tsx';

const inside = () => institution;

const overview = createRoute({
  getParentRoute: inside,
  path: '/',
  component: lazyRouteComponent(() => import('../../pages/institutions/overview.tsx'), 'InstitutionOverview'),
});
const setup = createRoute({
  getParentRoute: inside,
  path: '/setup',
  component: lazyRouteComponent(() => import('../../pages/setup/setup.tsx'), 'SetupPage'),
});
const rosters = createRoute({
  getParentRoute: inside,
  path: '/rosters',
  component: lazyRouteComponent(() => import('../../pages/rosters/list.tsx'), 'RosterList'),
});
const roster = createRoute({
  getParentRoute: inside,
  path: '/rosters/$connectionId',
  component: lazyRouteComponent(() => import('../../pages/rosters/roster.tsx'), 'RosterPage'),
});
const run = createRoute({
  getParentRoute: inside,
  path: '/rosters/$connectionId/runs/$runId',
  component: lazyRouteComponent(() => import('../../pages/rosters/run.tsx'), 'RunPage'),
});
const launches = createRoute({
  getParentRoute: inside,
  path: '/launches',
  component: lazyRouteComponent(() => import('../../pages/launches/list.tsx'), 'LaunchList'),
});
const launch = createRoute({
  getParentRoute: inside,
  path: '/launches/$reference',
  component: lazyRouteComponent(() => import('../../pages/launches/trace.tsx'), 'LaunchTrace'),
});
const grades = createRoute({
  getParentRoute: inside,
  path: '/grades',
  component: lazyRouteComponent(() => import('../../pages/grades/queue.tsx'), 'GradeQueue'),
});
const delivery = createRoute({
  getParentRoute: inside,
  path: '/grades/$deliveryId',
  component: lazyRouteComponent(() => import('../../pages/grades/delivery.tsx'), 'DeliveryPage'),
});
const identities = createRoute({
  getParentRoute: inside,
  path: '/identities',
  component: lazyRouteComponent(() => import('../../pages/identities/list.tsx'), 'IdentityList'),
});
const signIns = createRoute({
  getParentRoute: inside,
  path: '/sign-ins',
  component: lazyRouteComponent(() => import('../../pages/identities/sign-ins.tsx'), 'SignInList'),
});
const signInTrace = createRoute({
  getParentRoute: inside,
  path: '/sign-ins/$reference',
  component: lazyRouteComponent(() => import('../../pages/identities/sign-in-trace.tsx'), 'SignInTrace'),
});
const audit = createRoute({
  getParentRoute: inside,
  path: '/audit',
  component: lazyRouteComponent(() => import('../../pages/audit/audit.tsx'), 'AuditPage'),
});
const reviews = createRoute({
  getParentRoute: inside,
  path: '/people',
  component: lazyRouteComponent(() => import('../../pages/people/reviews.tsx'), 'ReviewQueue'),
});
const ownTools = createRoute({
  getParentRoute: inside,
  path: '/tools',
  component: lazyRouteComponent(() => import('../../pages/tools/own-list.tsx'), 'OwnToolList'),
});
const policy = createRoute({
  getParentRoute: inside,
  path: '/tools/$tool',
  component: lazyRouteComponent(() => import('../../pages/tools/policy.tsx'), 'PolicyPage'),
});
const newRoster = createRoute({
  getParentRoute: inside,
  path: '/rosters/new',
  component: lazyRouteComponent(() => import('../../pages/rosters/connect.tsx'), 'ConnectRosterPage'),
});
const newIdentity = createRoute({
  getParentRoute: inside,
  path: '/identities/new',
  component: lazyRouteComponent(() => import('../../pages/identities/connect.tsx'), 'ConnectIdentityPage'),
});
const identity = createRoute({
  getParentRoute: inside,
  path: '/identities/$connectionId',
  component: lazyRouteComponent(() => import('../../pages/identities/identity.tsx'), 'IdentityPage'),
});
const newLms = createRoute({
  getParentRoute: inside,
  path: '/lms/new',
  component: lazyRouteComponent(() => import('../../pages/lms/connect.tsx'), 'ConnectLmsPage'),
});
const lmsList = createRoute({
  getParentRoute: inside,
  path: '/lms',
  component: lazyRouteComponent(() => import('../../pages/lms/list.tsx'), 'LmsList'),
});
const registration = createRoute({
  getParentRoute: inside,
  path: '/lms/$connectionId',
  component: lazyRouteComponent(() => import('../../pages/lms/registration.tsx'), 'RegistrationPage'),
});
const access = createRoute({
  getParentRoute: inside,
  path: '/access',
  component: lazyRouteComponent(() => import('../../pages/access/access.tsx'), 'AccessPage'),
});

/** Pages about one institution. */
export const institutionRoutes = [
  overview,
  setup,
  rosters,
  roster,
  run,
  launches,
  launch,
  grades,
  delivery,
  identities,
  signIns,
  signInTrace,
  audit,
  reviews,
  ownTools,
  policy,
  newRoster,
  newIdentity,
  identity,
  newLms,
  lmsList,
  registration,
  access,
] as const;
