import { createRootRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { UrlValues } from '../parts/url-values.ts';
import { Gate } from './gate.tsx';
import { Home, NotFound } from './home.tsx';

const root = createRootRoute({
  component: Gate,
  notFoundComponent: NotFound,
  // Every page reads its own values, and takes them for text that anybody may have written.
  validateSearch: (values): UrlValues => values as UrlValues,
});
const under = () => root;

const home = createRoute({ getParentRoute: under, path: '/', component: Home });
/** Shown by the gate before anybody is signed in. */
const signIn = createRoute({ getParentRoute: under, path: '/sign-in' });
const firstRun = createRoute({ getParentRoute: under, path: '/first-run' });
const invitation = createRoute({ getParentRoute: under, path: '/invitation' });
const account = createRoute({
  getParentRoute: under,
  path: '/account',
  component: lazyRouteComponent(() => import('../pages/account/own-account.tsx'), 'OwnAccount'),
});

const health = createRoute({
  getParentRoute: under,
  path: '/health',
  component: lazyRouteComponent(() => import('../pages/health/hub-health.tsx'), 'HubHealth'),
});
const exchanges = createRoute({
  getParentRoute: under,
  path: '/health/exchanges',
  component: lazyRouteComponent(() => import('../pages/health/exchanges.tsx'), 'HubExchanges'),
});
const incidents = createRoute({
  getParentRoute: under,
  path: '/incidents',
  component: lazyRouteComponent(() => import('../pages/incidents/hub-incidents.tsx'), 'HubIncidents'),
});
const incident = createRoute({
  getParentRoute: under,
  path: '/incidents/$incidentId',
  component: lazyRouteComponent(() => import('../pages/incidents/incident.tsx'), 'HubIncident'),
});
const leadTimes = createRoute({
  getParentRoute: under,
  path: '/lead-times',
  component: lazyRouteComponent(() => import('../pages/onboarding/lead-times.tsx'), 'LeadTimes'),
});
const institutions = createRoute({
  getParentRoute: under,
  path: '/institutions',
  component: lazyRouteComponent(() => import('../pages/institutions/list.tsx'), 'InstitutionList'),
});
const institution = createRoute({
  getParentRoute: under,
  path: '/institutions/$slug',
  component: lazyRouteComponent(() => import('../pages/institutions/frame.tsx'), 'InstitutionFrame'),
});
const jobs = createRoute({
  getParentRoute: under,
  path: '/jobs',
  component: lazyRouteComponent(() => import('../pages/hub/jobs.tsx'), 'JobsPage'),
});
const partners = createRoute({
  getParentRoute: under,
  path: '/partners',
  component: lazyRouteComponent(() => import('../pages/hub/partners.tsx'), 'PartnersPage'),
});
const settings = createRoute({
  getParentRoute: under,
  path: '/settings',
  component: lazyRouteComponent(() => import('../pages/hub/settings.tsx'), 'SettingsPage'),
});
const connectors = createRoute({
  getParentRoute: under,
  path: '/connectors',
  component: lazyRouteComponent(() => import('../pages/hub/connectors.tsx'), 'ConnectorsPage'),
});
const tools = createRoute({
  getParentRoute: under,
  path: '/tools',
  component: lazyRouteComponent(() => import('../pages/tools/list.tsx'), 'ToolList'),
});
const tool = createRoute({
  getParentRoute: under,
  path: '/tools/$tool',
  component: lazyRouteComponent(() => import('../pages/tools/tool.tsx'), 'ToolPage'),
});
const tokens = createRoute({
  getParentRoute: under,
  path: '/tokens',
  component: lazyRouteComponent(() => import('../pages/hub/tokens.tsx'), 'TokensPage'),
});
const hubAudit = createRoute({
  getParentRoute: under,
  path: '/audit',
  component: lazyRouteComponent(() => import('../pages/audit/audit.tsx'), 'HubAuditPage'),
});
const inside = () => institution;

const overview = createRoute({
  getParentRoute: inside,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/institutions/overview.tsx'), 'InstitutionOverview'),
});
const setup = createRoute({
  getParentRoute: inside,
  path: '/setup',
  component: lazyRouteComponent(() => import('../pages/setup/setup.tsx'), 'SetupPage'),
});
const ownHealth = createRoute({
  getParentRoute: inside,
  path: '/health',
  component: lazyRouteComponent(() => import('../pages/institutions/health.tsx'), 'InstitutionHealth'),
});
const ownExchanges = createRoute({
  getParentRoute: inside,
  path: '/exchanges',
  component: lazyRouteComponent(() => import('../pages/institutions/health.tsx'), 'InstitutionExchanges'),
});
const rosters = createRoute({
  getParentRoute: inside,
  path: '/rosters',
  component: lazyRouteComponent(() => import('../pages/rosters/list.tsx'), 'RosterList'),
});
const roster = createRoute({
  getParentRoute: inside,
  path: '/rosters/$connectionId',
  component: lazyRouteComponent(() => import('../pages/rosters/roster.tsx'), 'RosterPage'),
});
const run = createRoute({
  getParentRoute: inside,
  path: '/rosters/$connectionId/runs/$runId',
  component: lazyRouteComponent(() => import('../pages/rosters/run.tsx'), 'RunPage'),
});
const ownIncidents = createRoute({
  getParentRoute: inside,
  path: '/incidents',
  component: lazyRouteComponent(() => import('../pages/incidents/own-incidents.tsx'), 'OwnIncidents'),
});
const ownIncident = createRoute({
  getParentRoute: inside,
  path: '/incidents/$incidentId',
  component: lazyRouteComponent(() => import('../pages/incidents/incident.tsx'), 'OwnIncident'),
});
const ownOnboarding = createRoute({
  getParentRoute: inside,
  path: '/onboarding',
  component: lazyRouteComponent(() => import('../pages/onboarding/board.tsx'), 'OnboardingBoard'),
});
const onboarding = createRoute({
  getParentRoute: inside,
  path: '/onboarding/$onboardingId',
  component: lazyRouteComponent(() => import('../pages/onboarding/onboarding.tsx'), 'OnboardingPage'),
});
const launches = createRoute({
  getParentRoute: inside,
  path: '/launches',
  component: lazyRouteComponent(() => import('../pages/launches/list.tsx'), 'LaunchList'),
});
const launch = createRoute({
  getParentRoute: inside,
  path: '/launches/$reference',
  component: lazyRouteComponent(() => import('../pages/launches/trace.tsx'), 'LaunchTrace'),
});
const grades = createRoute({
  getParentRoute: inside,
  path: '/grades',
  component: lazyRouteComponent(() => import('../pages/grades/queue.tsx'), 'GradeQueue'),
});
const delivery = createRoute({
  getParentRoute: inside,
  path: '/grades/$deliveryId',
  component: lazyRouteComponent(() => import('../pages/grades/delivery.tsx'), 'DeliveryPage'),
});
const identities = createRoute({
  getParentRoute: inside,
  path: '/identities',
  component: lazyRouteComponent(() => import('../pages/identities/list.tsx'), 'IdentityList'),
});
const signIns = createRoute({
  getParentRoute: inside,
  path: '/sign-ins',
  component: lazyRouteComponent(() => import('../pages/identities/sign-ins.tsx'), 'SignInList'),
});
const signInTrace = createRoute({
  getParentRoute: inside,
  path: '/sign-ins/$reference',
  component: lazyRouteComponent(() => import('../pages/identities/sign-in-trace.tsx'), 'SignInTrace'),
});
const calendar = createRoute({
  getParentRoute: inside,
  path: '/calendar',
  component: lazyRouteComponent(() => import('../pages/institutions/calendar.tsx'), 'CalendarPage'),
});

const reviews = createRoute({
  getParentRoute: inside,
  path: '/people',
  component: lazyRouteComponent(() => import('../pages/people/reviews.tsx'), 'ReviewQueue'),
});
const audit = createRoute({
  getParentRoute: inside,
  path: '/audit',
  component: lazyRouteComponent(() => import('../pages/audit/audit.tsx'), 'AuditPage'),
});
const ownTools = createRoute({
  getParentRoute: inside,
  path: '/tools',
  component: lazyRouteComponent(() => import('../pages/tools/own-list.tsx'), 'OwnToolList'),
});
const policy = createRoute({
  getParentRoute: inside,
  path: '/tools/$tool',
  component: lazyRouteComponent(() => import('../pages/tools/policy.tsx'), 'PolicyPage'),
});
const lmsList = createRoute({
  getParentRoute: inside,
  path: '/lms',
  component: lazyRouteComponent(() => import('../pages/lms/list.tsx'), 'LmsList'),
});
const registration = createRoute({
  getParentRoute: inside,
  path: '/lms/$connectionId',
  component: lazyRouteComponent(() => import('../pages/lms/registration.tsx'), 'RegistrationPage'),
});
const access = createRoute({
  getParentRoute: inside,
  path: '/access',
  component: lazyRouteComponent(() => import('../pages/access/access.tsx'), 'AccessPage'),
});
/** All addresses of the console, each with its page, which is loaded when it is first opened. */
export const routeTree = root.addChildren([
  home,
  signIn,
  firstRun,
  invitation,
  account,
  health,
  exchanges,
  incidents,
  incident,
  leadTimes,
  jobs,
  connectors,
  partners,
  settings,
  tools,
  tool,
  tokens,
  hubAudit,
  institutions,
  institution.addChildren([
    overview,
    setup,
    ownHealth,
    ownExchanges,
    rosters,
    roster,
    run,
    ownIncidents,
    ownIncident,
    ownOnboarding,
    onboarding,
    launches,
    launch,
    grades,
    delivery,
    identities,
    signIns,
    signInTrace,
    calendar,
    audit,
    reviews,
    ownTools,
    policy,
    lmsList,
    registration,
    access,
  ]),
]);
