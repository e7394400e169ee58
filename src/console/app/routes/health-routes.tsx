import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { institution, root } from './frame-routes.tsx';

const under = () => root;
const inside = () => institution;

const health = createRoute({
  getParentRoute: under,
  path: '/health',
  component: lazyRouteComponent(() => import('../../pages/health/hub-health.tsx'), 'HubHealth'),
});
const exchanges = createRoute({
  getParentRoute: under,
  path: '/health/exchanges',
  component: lazyRouteComponent(() => import('../../pages/health/exchanges.tsx'), 'HubExchanges'),
});
const incidents = createRoute({
  getParentRoute: under,
  path: '/incidents',
  component: lazyRouteComponent(() => import('../../pages/incidents/hub-incidents.tsx'), 'HubIncidents'),
});
const incident = createRoute({
  getParentRoute: under,
  path: '/incidents/$incidentId',
  component: lazyRouteComponent(() => import('../../pages/incidents/incident.tsx'), 'HubIncident'),
});
const leadTimes = createRoute({
  getParentRoute: under,
  path: '/lead-times',
  component: lazyRouteComponent(() => import('../../pages/onboarding/lead-times.tsx'), 'LeadTimes'),
});
const ownHealth = createRoute({
  getParentRoute: inside,
  path: '/health',
  component: lazyRouteComponent(() => import('../../pages/institutions/health.tsx'), 'InstitutionHealth'),
});
const ownExchanges = createRoute({
  getParentRoute: inside,
  path: '/exchanges',
  component: lazyRouteComponent(() => import('../../pages/institutions/health.tsx'), 'InstitutionExchanges'),
});
const ownIncidents = createRoute({
  getParentRoute: inside,
  path: '/incidents',
  component: lazyRouteComponent(() => import('../../pages/incidents/own-incidents.tsx'), 'OwnIncidents'),
});
const ownIncident = createRoute({
  getParentRoute: inside,
  path: '/incidents/$incidentId',
  component: lazyRouteComponent(() => import('../../pages/incidents/incident.tsx'), 'OwnIncident'),
});
const ownOnboarding = createRoute({
  getParentRoute: inside,
  path: '/onboarding',
  component: lazyRouteComponent(() => import('../../pages/onboarding/board.tsx'), 'OnboardingBoard'),
});
const onboarding = createRoute({
  getParentRoute: inside,
  path: '/onboarding/$onboardingId',
  component: lazyRouteComponent(() => import('../../pages/onboarding/onboarding.tsx'), 'OnboardingPage'),
});
const calendar = createRoute({
  getParentRoute: inside,
  path: '/calendar',
  component: lazyRouteComponent(() => import('../../pages/institutions/calendar.tsx'), 'CalendarPage'),
});
const hubReadiness = createRoute({
  getParentRoute: under,
  path: '/readiness',
  component: lazyRouteComponent(() => import('../../pages/readiness/hub-readiness.tsx'), 'HubReadiness'),
});
const burden = createRoute({
  getParentRoute: under,
  path: '/burden',
  component: lazyRouteComponent(() => import('../../pages/burden/burden.tsx'), 'BurdenPage'),
});
const hubPeriods = createRoute({
  getParentRoute: under,
  path: '/periods',
  component: lazyRouteComponent(() => import('../../pages/health/periods.tsx'), 'HubPeriods'),
});
const hubReports = createRoute({
  getParentRoute: under,
  path: '/reports',
  component: lazyRouteComponent(() => import('../../pages/reports/reports.tsx'), 'HubReports'),
});
const hubTargets = createRoute({
  getParentRoute: under,
  path: '/targets',
  component: lazyRouteComponent(() => import('../../pages/notices/targets.tsx'), 'HubTargets'),
});
const hosts = createRoute({
  getParentRoute: under,
  path: '/partner-hosts',
  component: lazyRouteComponent(() => import('../../pages/hosts/hosts.tsx'), 'HostsPage'),
});
const ownReadiness = createRoute({
  getParentRoute: inside,
  path: '/health/readiness',
  component: lazyRouteComponent(() => import('../../pages/readiness/own-readiness.tsx'), 'OwnReadiness'),
});
const ownPeriods = createRoute({
  getParentRoute: inside,
  path: '/health/periods',
  component: lazyRouteComponent(() => import('../../pages/health/periods.tsx'), 'OwnPeriods'),
});
const ownChanges = createRoute({
  getParentRoute: inside,
  path: '/health/changes',
  component: lazyRouteComponent(() => import('../../pages/health/own-changes.tsx'), 'OwnChanges'),
});
const ownProbes = createRoute({
  getParentRoute: inside,
  path: '/health/probes',
  component: lazyRouteComponent(() => import('../../pages/hosts/own-probes.tsx'), 'OwnProbes'),
});
const ownTargets = createRoute({
  getParentRoute: inside,
  path: '/health/targets',
  component: lazyRouteComponent(() => import('../../pages/notices/targets.tsx'), 'OwnTargets'),
});
const ownReports = createRoute({
  getParentRoute: inside,
  path: '/health/reports',
  component: lazyRouteComponent(() => import('../../pages/reports/reports.tsx'), 'OwnReports'),
});

/** How integrations go over all institutions. */
export const hubHealthRoutes = [
  health,
  exchanges,
  incidents,
  incident,
  leadTimes,
  hubReadiness,
  burden,
  hubPeriods,
  hubReports,
  hubTargets,
  hosts,
] as const;

/** How those of one institution go. */
export const ownHealthRoutes = [
  ownHealth,
  ownExchanges,
  ownIncidents,
  ownIncident,
  ownOnboarding,
  onboarding,
  calendar,
  ownReadiness,
  ownPeriods,
  ownChanges,
  ownProbes,
  ownTargets,
  ownReports,
] as const;
