import { z } from 'zod';
import { routeStates } from '../grades.ts';
import { serviceTiers } from '../health.ts';
import { onboardingKinds, onboardingStages, waitingSides } from '../onboarding.ts';
import { defineEndpoint } from './endpoint.ts';
import { instant, pageLimit, reasonBody, searchText, sortOrder, tenantParams } from './values.ts';

const path = '/api/v1/tenants/{slug}';

const tenantName = z.string().trim().min(1).max(200);
const locale = z
  .string()
  .min(2)
  .max(35)
  .describe('Language tag of its pages where a person’s is unknown (BCP 47)');
const zone = z.string().min(1).max(100).describe('IANA time zone of the school, such as Europe/Berlin');
const count = z.int().nonnegative();

const tenantFields = z
  .object({
    tenantId: z.uuid(),
    slug: z.string(),
    name: z.string(),
    locale: z.string(),
    status: z.enum(['active', 'paused']),
    createdAt: instant,
    zone: z.string().nullable().describe('IANA time zone; null: nobody has said'),
  })
  .meta({ id: 'Tenant' });

/** Ordered from the worst. */
export const tenantHealthStates = ['failing', 'warning', 'fine'] as const;

/** What the list of tenants can be ordered by. */
export const tenantSorts = ['name', 'slug', 'stage', 'promisedOn', 'health', 'createdAt'] as const;

const tenantRow = z
  .object({
    tenantId: z.uuid(),
    slug: z.string(),
    name: z.string(),
    status: z.enum(['active', 'paused']),
    createdAt: instant,
    onboarding: z
      .object({
        open: count.describe('New integrations that are neither stable nor withdrawn'),
        stage: z.enum(onboardingStages).describe('The earliest stage that one of them is in'),
        waitingOn: z.array(z.enum(waitingSides)).describe('Who has to act'),
        promisedOn: z.iso.date().nullable().describe('The first day that was promised for one of them'),
        overdue: z.boolean().describe('That day has gone by'),
      })
      .nullable()
      .describe('Null: no new integration is under way'),
    health: z.object({
      state: z
        .enum(tenantHealthStates)
        .describe('failing: an incident that calls somebody is open. warning: one that can wait is'),
      incidents: count.describe('Open incidents'),
    }),
  })
  .meta({ id: 'TenantRow' });

export const listTenants = defineEndpoint({
  method: 'get',
  path: '/api/v1/tenants',
  reach: 'hub',
  summary: 'Institutions with the stage of their new integrations and their health in brief',
  scope: 'tenants:read',
  params: z.object({}),
  query: z.object({
    search: searchText.optional(),
    stage: z
      .enum([...onboardingStages, 'none'])
      .optional()
      .describe('One of its new integrations is in this stage; none: no new integration is under way'),
    waitingOn: z.enum(waitingSides).optional().describe('One of its new integrations waits for them'),
    overdue: z.literal('true').optional().describe('A promised day has gone by'),
    health: z.enum(tenantHealthStates).optional(),
    sort: z.enum(tenantSorts).default('name'),
    order: sortOrder,
    after: z.string().min(1).max(1000).optional().describe('What the page before gave as `next`'),
    limit: pageLimit,
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'One page of those that were asked for',
    schema: z.object({
      tenants: z.array(tenantRow),
      total: count.describe('How many there are on all pages'),
      next: z.string().nullable().describe('What to give as `after`; null: this was the last page'),
    }),
  },
  refusals: { 400: ['cursor_invalid'], 403: ['tenant_only'] },
});

const oneTenant = (status: 200 | 201, about: string) =>
  ({ kind: 'json', status, about, schema: z.object({ tenant: tenantFields }) }) as const;
const invalid = ['json_malformed', 'tenant_invalid', 'zone_unknown'];

export const createTenant = defineEndpoint({
  method: 'post',
  path: '/api/v1/tenants',
  reach: 'hub',
  summary: 'Make an institution',
  scope: 'tenants:write',
  params: z.object({}),
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      slug: z.string().min(1).max(63).describe('Short name in its web addresses; it never changes'),
      name: tenantName,
      locale: locale.optional(),
      zone: zone.optional(),
    }),
  },
  reply: oneTenant(201, 'It is there; nothing is connected yet'),
  refusals: { 400: invalid, 403: ['tenant_only'], 409: ['tenant_slug_taken'] },
});

export const showTenant = defineEndpoint({
  method: 'get',
  path,
  summary: 'One institution',
  scope: 'tenants:read',
  params: tenantParams,
  reply: oneTenant(200, 'The institution'),
  refusals: {},
});

export const updateTenant = defineEndpoint({
  method: 'patch',
  path,
  summary: 'Change what an institution is called, its language or its time zone; what is not given stays',
  scope: 'tenants:write',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({ name: tenantName, locale, zone }).partial(),
  },
  reply: oneTenant(200, 'The institution as it stands now'),
  refusals: { 400: invalid },
});

/** How a connection of any kind stands. */
export const connectionStates = ['active', 'paused', 'disabled'] as const;

const connectionFields = z
  .object({
    connectionId: z.uuid(),
    kind: z.enum(onboardingKinds),
    partner: z.string(),
    name: z.string(),
    tier: z.enum(serviceTiers),
    state: z.enum(connectionStates).describe('paused: nothing begins by itself. disabled: switched off'),
    grades: z
      .enum(routeStates)
      .nullable()
      .describe(
        'How scores go over it: paused by a person, or stopped by the hub for a fault; null: none do',
      ),
    createdAt: instant,
    health: z
      .object({
        ended: count.describe('Exchanges that ended'),
        failed: count,
        lastSuccessAt: instant.nullable(),
      })
      .describe('Of the last 28 days'),
  })
  .meta({ id: 'Connection' });

export const summarizeTenant = defineEndpoint({
  method: 'get',
  path: `${path}/summary`,
  summary: 'What an institution is connected to, and what waits for somebody there',
  scope: 'tenants:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Connections of every kind with their state, and counts of what waits',
    schema: z.object({
      connections: z.array(connectionFields),
      tools: count.describe('Tools that are on'),
      waiting: z.object({
        incidents: count.describe('Open incidents'),
        reviews: count.describe('Pairs of people that somebody has to look at'),
        heldRuns: count.describe('Roster runs that wait for approval'),
        pendingGrades: count.describe('Scores on their way'),
        deploymentClaims: count.describe('LMS deployments that nobody has claimed'),
        onboardings: count.describe('New integrations under way'),
      }),
    }),
  },
  refusals: {},
});

export const setConnectionTier = defineEndpoint({
  method: 'put',
  path: `${path}/connections/{connectionId}/tier`,
  summary: 'Say how much rests on a connection: what it promises, and whom its failures call',
  scope: 'tenants:write',
  params: tenantParams.extend({ connectionId: z.uuid().describe('The connection') }),
  body: { kind: 'json', schema: reasonBody.extend({ tier: z.enum(serviceTiers) }) },
  reply: {
    kind: 'json',
    status: 200,
    about: 'Exchanges from now on count there',
    schema: z.object({ connectionId: z.uuid(), tier: z.enum(serviceTiers) }),
  },
  refusals: { 400: ['json_malformed'], 404: ['connection_unknown'] },
});

export const rotateTenantKey = defineEndpoint({
  method: 'post',
  path: `${path}/rotate-key`,
  summary:
    'Make a new data key for what an institution seals from now on; what is sealed already stays readable',
  scope: 'tenants:write',
  params: tenantParams,
  body: { kind: 'json', schema: reasonBody },
  reply: {
    kind: 'json',
    status: 200,
    about: 'The new key',
    schema: z.object({ version: z.int().positive() }),
  },
  refusals: { 400: ['json_malformed'] },
});
