import type { startConsoleWorld } from './console-world.ts';

type Ids = Awaited<ReturnType<typeof startConsoleWorld>>['ids'];

/** Every page of the console by an address at which something stands on it, with its title. */
export function listPages(ids: Ids): readonly (readonly [address: string, title: string])[] {
  const roster = `/institutions/north/rosters/${ids.connectionId}`;
  return [
    ['/health', 'Health'],
    ['/health/exchanges?number=failed', 'Exchanges'],
    ['/incidents', 'Incidents'],
    ['/lead-times', 'Lead times'],
    ['/institutions', 'Institutions'],
    ['/institutions/north', 'Overview'],
    ['/institutions/north/health', 'Health'],
    ['/institutions/north/exchanges', 'Exchanges'],
    ['/institutions/north/rosters', 'Rosters'],
    [roster, 'Northside SIS'],
    [`${roster}/runs/${ids.heldId}`, 'Run 2'],
    ['/institutions/north/launches', 'Launches'],
    [`/institutions/${ids.workSlug}/launches/${ids.reference}`, `Launch ${ids.reference}`],
    [`/institutions/${ids.workSlug}/grades`, 'Grades'],
    [`/institutions/${ids.workSlug}/grades/${ids.deliveryId}`, 'Grade delivery'],
    [`/institutions/${ids.workSlug}/people`, 'People review'],
    ['/institutions/north/identities', 'Sign-in connections'],
    ['/institutions/north/sign-ins', 'Sign-ins'],
    ['/institutions/north/onboarding', 'Onboarding'],
    [`/institutions/north/onboarding/${ids.onboardingId}`, 'Canvas'],
    ['/institutions/north/incidents', 'Incidents'],
    [`/institutions/north/incidents/${ids.incidentId}`, 'Incident'],
    ['/institutions/north/calendar', 'Calendar'],
    ['/institutions/north/audit?verify=yes', 'Audit'],
    ['/institutions/north/tools', 'Tools'],
    ['/institutions/north/tools/shared', 'Shared'],
    [`/institutions/${ids.workSlug}/lms`, 'LMS'],
    [`/institutions/${ids.workSlug}/lms/${ids.lmsId}`, 'Another one that speaks LTI 1.3'],
    ['/institutions/north/access', 'Access'],
    ['/tools', 'Tools'],
    ['/tools/shared', 'Shared'],
    ['/tokens', 'API tokens'],
    ['/audit?verify=yes', 'Audit of the hub'],
    ['/partners', 'Partners'],
    ['/connectors', 'Connectors'],
    ['/jobs', 'Jobs'],
    ['/settings', 'Settings'],
    ['/account', 'Own account'],
  ];
}
