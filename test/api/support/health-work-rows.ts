import { HUB_TENANT, type IncidentId, newId, type TargetId, type TenantId } from '../../../contracts/ids.ts';
import { addSpan, setCalendarZone } from '../../../src/health/calendars/calendars.ts';
import { insertIncident } from '../../../src/health/incidents/incident-store.ts';
import { inScope } from '../../../src/health/notifications/targets.ts';
import { requestOnboarding } from '../../../src/health/onboarding/onboardings.ts';
import type { Database } from '../../../src/platform/db.ts';

/** An incident that is open, of a school or under the nil tenant of the hub. */
export async function openIncident(db: Database, tenantId: TenantId, now: number): Promise<IncidentId> {
  const incidentId = newId<IncidentId>(now);
  const incident = {
    ...({ tenantId, severity: 'page', partner: 'canvas', connectionId: undefined } as const),
    ...({ cause: 'partner', key: incidentId, isShared: true, changeId: undefined } as const),
    ...{ firstFailedAt: now - 600_000, alerts: [] },
  };
  await inScope(db, tenantId, (tx) => insertIncident(tx, incidentId, incident, new Date(now)));
  return incidentId;
}

/** A calendar with a term, an onboarding and an incident of a school, and an incident of the hub. */
export async function addHealthWork(db: Database, tenantId: TenantId, now: number) {
  const by = { actor: 'test', now };
  await setCalendarZone(db, tenantId, 'UTC', by);
  const term = { kind: 'term', name: 'Autumn', from: '2026-09-01', to: '2026-12-18' } as const;
  const { spanId } = await addSpan(db, tenantId, term, by);
  const wish = { name: 'Canvas', partner: 'canvas', kind: 'lms' } as const;
  const { onboardingId } = await requestOnboarding(db, tenantId, wish, by);
  const incidentId = await openIncident(db, tenantId, now);
  const hubIncidentId = await openIncident(db, HUB_TENANT, now);
  // Whom to tell is not among these rows.
  return { spanId, onboardingId, incidentId, hubIncidentId, targetId: newId<TargetId>(now) };
}

/** An iCalendar file with one term. */
export const calendarFile = Buffer.from(
  [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//x//EN', 'BEGIN:VEVENT', 'UID:1'],
    ...['SUMMARY:Spring Semester', 'DTSTART;VALUE=DATE:20270111', 'DTEND;VALUE=DATE:20270605'],
    ...['END:VEVENT', 'END:VCALENDAR', ''],
  ].join('\r\n'),
);

/** What would be done at each endpoint about calendars, new integrations and incidents, were it allowed. */
export const healthWorkWishes = {
  tenantHealthChart: {},
  hubHealthChart: {},
  listDownHosts: {},
  resetHost: { body: { host: 'lms.example' } },
  listProbes: {},
  setProbing: { body: { isOn: false } },
  showReadiness: {},
  showHubReadiness: {},
  noteReadiness: { body: { subject: 'contacts' } },
  noteLoadTest: { body: { amount: 1 } },
  setSecretTerm: { body: { name: 'client_secret', notAfter: '2027-01-01T00:00:00Z' } },
  showBurden: {},
  addWork: { body: { items: [] } },
  importWork: { body: Buffer.from('id,integration,partner,minutes,done\n') },
  listWorkSources: {},
  listTargets: {},
  addTarget: { body: { channel: 'email', name: 'Us', to: ['a@b.example'] } },
  removeTarget: {},
  setReportMail: { body: { language: 'es' } },
  listHubTargets: {},
  addHubTarget: { body: { channel: 'email', name: 'Us', to: ['a@b.example'] } },
  removeHubTarget: {},
  setHubReportMail: { body: { language: null } },
  showCalendar: {},
  setCalendarZone: { body: { zone: 'Europe/Berlin' } },
  addSpan: { body: { span: { kind: 'break', name: 'Break', from: '2026-10-19', to: '2026-10-23' } } },
  removeSpan: {},
  importCalendar: { body: calendarFile },
  listOnboardings: {},
  requestOnboarding: { body: { name: 'Moodle', partner: 'moodle', kind: 'lms' } },
  showOnboarding: {},
  moveOnboarding: { body: { event: { type: 'advance' } } },
  hubLeadTimes: {},
  listIncidents: {},
  showIncident: {},
  acknowledgeIncident: {},
  listHubIncidents: {},
  showHubIncident: {},
  acknowledgeHubIncident: {},
  listChanges: {},
  showBudgets: {},
};
