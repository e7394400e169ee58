import { z } from 'zod';
import { calendarPeriods } from '../calendars.ts';
import { changeFailures, changeTypes } from '../changes.ts';
import { exchangeKinds, serviceTiers } from '../health.ts';
import { alertRules, incidentCauses, incidentStates, severities } from '../incidents.ts';
import { defineEndpoint } from './endpoint.ts';
import { instant, reasonBody, tenantParams } from './values.ts';

const tenantPath = '/api/v1/tenants/{slug}';
const nothing = z.object({});
const id = { incidentId: z.uuid().describe('The incident') };
const ms = z.number().nullable();

const incidentFields = z
  .object({
    incidentId: z.uuid(),
    state: z.enum(incidentStates),
    severity: z.enum(severities),
    cause: z.enum(incidentCauses).describe('What is suspected'),
    partner: z.string().nullable(),
    connectionId: z.uuid().nullable(),
    changeId: z.uuid().nullable().describe('The change that is suspected'),
    firstFailedAt: instant,
    openedAt: instant,
    acknowledgedAt: instant.nullable(),
    acknowledgedBy: z.string().nullable(),
    recoveredAt: instant.nullable().describe('Back in target since then'),
    resolvedAt: instant.nullable(),
    parts: z
      .object({ detect: ms, acknowledge: ms, mitigate: ms, recover: ms })
      .describe('Parts of the time to recover, in milliseconds; null: not over'),
  })
  .meta({ id: 'Incident' });

const query = z.object({
  state: z.enum(incidentStates).optional(),
  days: z.coerce.number().int().min(1).max(1_000).default(90).describe('Those of so many days'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const list = {
  kind: 'json',
  status: 200,
  about: 'The newest first; those that are not over however old',
  schema: z.object({
    incidents: z.array(incidentFields),
    recovery: z
      .object({ resolved: z.int(), median: ms, p90: ms })
      .describe('Time to recover, in milliseconds'),
  }),
} as const;
const detail = {
  kind: 'json',
  status: 200,
  about: 'The incident with its alerts',
  schema: z.object({
    incident: incidentFields,
    alerts: z.array(
      z.object({
        rule: z.enum(alertRules),
        severity: z.enum(severities),
        tenantId: z.uuid().nullable().describe('Null: pooled over several schools'),
        connectionId: z.uuid().nullable(),
        kind: z.string().nullable(),
        facts: z.record(z.string(), z.number()).describe('The counts that made it fire'),
        firstAt: instant,
        lastAt: instant,
      }),
    ),
  }),
} as const;
const taken = {
  kind: 'json',
  status: 200,
  about: 'As it stands',
  schema: z.object({ incident: incidentFields }),
} as const;
const refusals = { 404: ['incident_unknown'] };
const ofHub = { 403: ['tenant_only'] };
const takenRefusals = { ...refusals, 400: ['json_malformed'], 409: ['incident_not_open'] };
const read = { method: 'get', scope: 'health:read' } as const;
const take = { method: 'post', scope: 'health:write', body: { kind: 'json', schema: reasonBody } } as const;

export const listIncidents = defineEndpoint({
  ...read,
  path: `${tenantPath}/incidents`,
  summary: 'A school’s incidents',
  params: tenantParams,
  query,
  reply: list,
  refusals: {},
});

export const showIncident = defineEndpoint({
  ...read,
  path: `${tenantPath}/incidents/{incidentId}`,
  summary: 'One incident with its alerts',
  params: tenantParams.extend(id),
  reply: detail,
  refusals,
});

export const acknowledgeIncident = defineEndpoint({
  ...take,
  path: `${tenantPath}/incidents/{incidentId}/acknowledge`,
  summary: 'Take an incident: somebody looks at it',
  params: tenantParams.extend(id),
  reply: taken,
  refusals: takenRefusals,
});

export const listHubIncidents = defineEndpoint({
  ...read,
  path: '/api/v1/incidents',
  reach: 'hub',
  summary: 'Incidents of several schools, and of the hub itself',
  params: nothing,
  query,
  reply: list,
  refusals: ofHub,
});

export const showHubIncident = defineEndpoint({
  ...read,
  path: '/api/v1/incidents/{incidentId}',
  reach: 'hub',
  summary: 'One of them with its alerts',
  params: z.object(id),
  reply: detail,
  refusals: { ...refusals, ...ofHub },
});

export const acknowledgeHubIncident = defineEndpoint({
  ...take,
  path: '/api/v1/incidents/{incidentId}/acknowledge',
  reach: 'hub',
  summary: 'Take one of them',
  params: z.object(id),
  reply: taken,
  refusals: { ...takenRefusals, ...ofHub },
});

const rateFields = z.object({
  changes: z.int().describe('Distinct changes whose time is over'),
  failed: z.int(),
  unsettled: z.int().describe('Too recent to count'),
});
const countFields = z.object({ valid: z.int(), failed: z.int() });

export const listChanges = defineEndpoint({
  ...read,
  path: `${tenantPath}/changes`,
  summary: 'Changes to a school’s live integrations, what became of each, and how many failed',
  params: tenantParams,
  query: z.object({ days: z.coerce.number().int().min(1).max(400).default(90) }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'The oldest first',
    schema: z.object({
      changes: z.array(
        z.object({
          changeId: z.uuid(),
          type: z.enum(changeTypes),
          action: z.string(),
          actor: z.string(),
          connectionId: z.uuid().nullable(),
          toolId: z.uuid().nullable(),
          at: instant,
          reverts: z.uuid().nullable().describe('The change that it takes back'),
          failures: z.array(z.enum(changeFailures)),
          isSettled: z.boolean().describe('Three days, or one cycle of the connection, are over'),
          comparison: z
            .object({
              before: countFields,
              after: countFields,
              difference: z.number().nullable(),
              low: z.number().describe('Interval of the difference at 95 %'),
              high: z.number(),
              verdict: z.enum(['worse', 'better', 'unclear']),
            })
            .nullable(),
        }),
      ),
      rate: z.object({ all: rateFields, byType: z.record(z.enum(changeTypes), rateFields) }),
    }),
  },
  refusals: {},
});

const budgetFields = z.object({
  target: z.number(),
  valid: z.int(),
  failed: z.int(),
  allowed: z.number().describe('Failures there is room for'),
  spent: z.number().describe('Share of it that is spent'),
});
const freeze = z.enum(['open', 'fixes_only', 'frozen']).describe('What may be changed now');

export const showBudgets = defineEndpoint({
  ...read,
  path: `${tenantPath}/budgets`,
  summary: 'How much of a school’s room for failures is spent, and what may be changed for it now',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Over 28 days, and over the exams that are on',
    schema: z.object({
      period: z.enum(calendarPeriods).nullable().describe('Null: it has no calendar'),
      freeze,
      kinds: z.array(
        z.object({
          kind: z.enum(exchangeKinds),
          tier: z.enum(serviceTiers),
          month: budgetFields,
          exams: budgetFields.nullable(),
          freeze,
        }),
      ),
    }),
  },
  refusals: {},
});
