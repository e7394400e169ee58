import { HUB_TENANT, type IncidentId, type TenantId } from '../../../contracts/ids.ts';
import { incidentStates } from '../../../contracts/incidents.ts';
import {
  acknowledgeIncident,
  getIncident,
  partsOf,
  readIncidents,
  sumRecovery,
} from '../../health/incidents/incidents.ts';
import { type CliHub, type Command, changing } from '../command.ts';
import { facts, instant, table } from '../layout.ts';
import { limitOption, readLimit } from '../page-limit.ts';
import type { Values } from '../values.ts';
import { getNamedTenant } from './tenant.ts';

/** Incidents of several schools are the hub's: a command without a tenant is about those. */
export const scopeOption = {
  tenant: { value: 'slug', about: 'A school; without it what is the hub’s own, of several schools' },
} as const;

/** The tenant that is named; the nil tenant where none is. @throws DomainError not_found `tenant_unknown` */
export async function getScope(hub: CliHub, values: Values): Promise<TenantId> {
  return values.optional('tenant') === undefined ? HUB_TENANT : (await getNamedTenant(hub, values)).tenantId;
}

const argument = { name: 'incident', about: 'Its id, as incident list has it' };
const exampleId = '0199c5a4-0000-7000-8000-000000000000';
const dayMs = 86_400_000;

export const incidentList: Command = {
  name: 'incident list',
  about: 'List incidents, the newest first, with how long it took to recover',
  options: {
    ...scopeOption,
    state: { value: 'state', about: 'Only these', choices: incidentStates, multiple: true },
    days: { value: 'number', about: 'Those of so many days; 90 by default' },
    ...limitOption(),
  },
  examples: ['incident list', 'incident list --tenant northfield --state open --state acknowledged'],
  async run({ values, open }) {
    const named = values.optionalList('state');
    const states = named && incidentStates.filter((state) => named.includes(state));
    const [limit, days] = [readLimit(values), values.optionalNumber('days') ?? 90];
    const { hub, by } = await open();
    const tenantId = await getScope(hub, values);
    const since = new Date(by.now - days * dayMs);
    const incidents = await readIncidents(hub.db, tenantId, { since, limit, ...(states && { states }) });
    const recovery = sumRecovery(incidents);
    const rows = incidents.map((each) => [
      ...[each.incidentId, each.severity, each.state, instant(each.openedAt.getTime()), each.cause],
      minutes(partsOf(each).recover),
      each.partner ?? '–',
    ]);
    const heading = ['ID', 'SEVERITY', 'STATE', 'NOTICED', 'SUSPECTED', 'MINUTES', 'PARTNER'];
    const text = [
      table(heading, rows, 'There was no incident.'),
      ...(recovery.resolved === 0
        ? []
        : [`\nMinutes to recover: median ${minutes(recovery.median)}, p90 ${minutes(recovery.p90)}.`]),
    ];
    return { json: { incidents, recovery }, text: text.join('\n') };
  },
};

export const incidentShow: Command = {
  name: 'incident show',
  about: 'Show an incident with its alerts and the parts of its time to recover',
  arguments: [argument],
  options: scopeOption,
  examples: [`incident show ${exampleId} --tenant northfield`],
  async run({ values, open }) {
    const incidentId = values.id<IncidentId>('incident');
    const { hub } = await open();
    const view = await getIncident(hub.db, await getScope(hub, values), incidentId);
    const { incident, alerts, parts } = view;
    const rows = alerts.map(({ rule, severity, kind, tenantId, connectionId, facts: counts }) => [
      ...[rule, severity, kind ?? '–', tenantId ?? 'several', connectionId ?? '–'],
      Object.entries(counts)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ]);
    const text = [
      facts(Object.fromEntries(Object.entries(incident).map(([name, value]) => [name, shown(value)]))),
      `\nMinutes: detect ${minutes(parts.detect)}, acknowledge ${minutes(parts.acknowledge)}, ` +
        `mitigate ${minutes(parts.mitigate)}, recover ${minutes(parts.recover)}`,
      `\n${table(['RULE', 'SEVERITY', 'KIND', 'SCHOOL', 'CONNECTION', 'COUNTS'], rows, 'No alert.')}`,
    ];
    return { json: view, text: text.join('\n') };
  },
};

export const incidentAcknowledge: Command = {
  name: 'incident acknowledge',
  about: 'Take an incident: somebody looks at it',
  arguments: [argument],
  options: { ...scopeOption, ...changing },
  examples: [`incident acknowledge ${exampleId} --tenant northfield`],
  async run({ values, open }) {
    const incidentId = values.id<IncidentId>('incident');
    const { hub, by } = await open();
    const incident = await acknowledgeIncident(hub.db, await getScope(hub, values), incidentId, by);
    return { json: { incident }, text: 'It is yours. It ends by itself once the metric is back.' };
  },
};

function minutes(ms: number | undefined): string {
  return ms === undefined ? '–' : String(Math.round(ms / 60_000));
}

function shown(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
