import type { ApiScope } from '../../../contracts/http/scopes.ts';
import type { TextKey } from '../i18n/translate.ts';

export interface NavItem<To extends string = string> {
  readonly to: To;
  readonly label: TextKey;
  readonly scope: ApiScope;
}

interface NavGroup<To extends string = string> {
  readonly label: TextKey;
  readonly items: readonly NavItem<To>[];
}

/** Pages about the whole hub, in groups. */
export const hubNav: readonly NavGroup<
  | '/health'
  | '/incidents'
  | '/institutions'
  | '/onboarding'
  | '/lead-times'
  | '/tools'
  | '/lms'
  | '/tokens'
  | '/audit'
  | '/partners'
  | '/jobs'
  | '/connectors'
  | '/settings'
  | '/readiness'
  | '/periods'
  | '/burden'
  | '/partner-hosts'
  | '/targets'
  | '/reports'
>[] = [
  {
    label: 'nav.group.watch',
    items: [
      { to: '/health', label: 'nav.health', scope: 'health:read' },
      { to: '/incidents', label: 'nav.incidents', scope: 'health:read' },
      { to: '/readiness', label: 'nav.readiness', scope: 'health:read' },
      { to: '/periods', label: 'nav.periods', scope: 'health:read' },
      { to: '/burden', label: 'nav.burden', scope: 'health:read' },
      { to: '/partner-hosts', label: 'nav.hosts', scope: 'health:read' },
      { to: '/targets', label: 'nav.targets', scope: 'health:read' },
      { to: '/reports', label: 'nav.reports', scope: 'health:read' },
    ],
  },
  {
    label: 'nav.group.work',
    items: [
      { to: '/institutions', label: 'nav.institutions', scope: 'tenants:read' },
      { to: '/onboarding', label: 'nav.onboarding', scope: 'health:read' },
      { to: '/lead-times', label: 'nav.leadTimes', scope: 'health:read' },
    ],
  },
  {
    label: 'nav.group.hub',
    items: [
      { to: '/tools', label: 'nav.tools', scope: 'tools:read' },
      { to: '/lms', label: 'nav.hubLms', scope: 'lms:read' },
      { to: '/partners', label: 'nav.partners', scope: 'hub:read' },
      { to: '/connectors', label: 'nav.connectors', scope: 'hub:read' },
      { to: '/jobs', label: 'nav.jobs', scope: 'hub:read' },
      { to: '/tokens', label: 'nav.tokens', scope: 'tokens:read' },
      { to: '/audit', label: 'nav.hubAudit', scope: 'audit:read' },
      { to: '/settings', label: 'nav.settings', scope: 'hub:read' },
    ],
  },
];

/** Pages about one institution, below its address, in groups. */
export const institutionNav: readonly NavGroup<
  | '/institutions/$slug'
  | '/institutions/$slug/setup'
  | '/institutions/$slug/health'
  | '/institutions/$slug/incidents'
  | '/institutions/$slug/onboarding'
  | '/institutions/$slug/rosters'
  | '/institutions/$slug/identities'
  | '/institutions/$slug/sign-ins'
  | '/institutions/$slug/launches'
  | '/institutions/$slug/grades'
  | '/institutions/$slug/calendar'
  | '/institutions/$slug/audit'
  | '/institutions/$slug/people'
  | '/institutions/$slug/tools'
  | '/institutions/$slug/lms'
  | '/institutions/$slug/access'
>[] = [
  {
    label: 'nav.institution',
    items: [
      { to: '/institutions/$slug', label: 'nav.overview', scope: 'tenants:read' },
      { to: '/institutions/$slug/setup', label: 'nav.setup', scope: 'setup:read' },
      { to: '/institutions/$slug/onboarding', label: 'nav.onboarding', scope: 'health:read' },
    ],
  },
  {
    label: 'nav.group.watch',
    items: [
      { to: '/institutions/$slug/health', label: 'nav.health', scope: 'health:read' },
      { to: '/institutions/$slug/incidents', label: 'nav.incidents', scope: 'health:read' },
      { to: '/institutions/$slug/calendar', label: 'nav.calendar', scope: 'health:read' },
    ],
  },
  {
    label: 'nav.group.connections',
    items: [
      { to: '/institutions/$slug/lms', label: 'nav.lms', scope: 'lms:read' },
      { to: '/institutions/$slug/identities', label: 'nav.identities', scope: 'identities:read' },
      { to: '/institutions/$slug/rosters', label: 'nav.rosters', scope: 'rosters:read' },
      { to: '/institutions/$slug/tools', label: 'nav.tools', scope: 'tools:read' },
    ],
  },
  {
    label: 'nav.group.traffic',
    items: [
      { to: '/institutions/$slug/launches', label: 'nav.launches', scope: 'launches:read' },
      { to: '/institutions/$slug/grades', label: 'nav.grades', scope: 'grades:read' },
      { to: '/institutions/$slug/sign-ins', label: 'nav.signIns', scope: 'sign-ins:read' },
      { to: '/institutions/$slug/people', label: 'nav.reviews', scope: 'people:read' },
    ],
  },
  {
    label: 'nav.group.rights',
    items: [
      { to: '/institutions/$slug/access', label: 'nav.access', scope: 'admins:read' },
      { to: '/institutions/$slug/audit', label: 'nav.audit', scope: 'audit:read' },
    ],
  },
];

/** The groups in which somebody may open anything, each with that alone. */
export function decideGroups<To extends string>(
  groups: readonly NavGroup<To>[],
  can: (scope: ApiScope) => boolean,
): NavGroup<To>[] {
  return groups
    .map(({ label, items }) => ({ label, items: decideVisible(items, can) }))
    .filter(({ items }) => items.length > 0);
}

/** What of a list somebody may open. */
export function decideVisible<Item extends NavItem>(
  items: readonly Item[],
  can: (scope: ApiScope) => boolean,
): Item[] {
  return items.filter(({ scope }) => can(scope));
}
