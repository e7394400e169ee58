import { z } from 'zod';
import { onboardingKinds } from '../onboarding.ts';
import { deltaKinds } from '../sync.ts';
import { defineEndpoint } from './endpoint.ts';
import { connectionStates } from './tenants.ts';
import { entityName, pageLimit } from './values.ts';

const partnersPath = '/api/v1/partners';
const connectorsPath = '/api/v1/connectors';
const count = z.int().nonnegative();
const ofHub = { 403: ['tenant_only'] };
const read = { method: 'get', scope: 'hub:read', reach: 'hub' } as const;

export const listPartners = defineEndpoint({
  ...read,
  path: partnersPath,
  summary: 'Vendors’ products on the other side, and how many institutions are connected to each',
  params: z.object({}),
  reply: {
    kind: 'json',
    status: 200,
    about: 'What the hub can speak to and what it is connected to, by name',
    schema: z.object({
      partners: z.array(
        z.object({
          partner: z.string(),
          title: z.string(),
          kind: z.enum(onboardingKinds),
          tenants: count,
          connections: count,
        }),
      ),
    }),
  },
  refusals: ofHub,
});

const usedBy = z.object({
  slug: z.string(),
  name: z.string(),
  connectionId: z.uuid(),
  kind: z.enum(onboardingKinds),
  state: z.enum(connectionStates),
});

export const listPartnerTenants = defineEndpoint({
  ...read,
  path: `${partnersPath}/{partner}/connections`,
  summary: 'Who is connected to a partner',
  params: z.object({ partner: z.string().min(1).max(100).describe('As the list of partners names it') }),
  query: z.object({
    after: z.uuid().optional().describe('The last connectionId of the page before'),
    limit: pageLimit,
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'One page, the oldest connection first; a partner nobody is connected to has none',
    schema: z.object({
      connections: z.array(usedBy),
      next: z.uuid().nullable().describe('What to give as `after`; null: this was the last page'),
    }),
  },
  refusals: ofHub,
});

export const listHubConnectors = defineEndpoint({
  ...read,
  path: connectorsPath,
  summary: 'Connectors of this hub: version, what each can do, and who uses it',
  params: z.object({}),
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every connector',
    schema: z.object({
      connectors: z.array(
        z.object({
          id: z.string(),
          version: z.string().describe('That new runs go by'),
          title: z.string(),
          entities: z.array(entityName),
          delta: z.enum(deltaKinds),
          tenants: count,
          connections: count,
          lastRunVersions: z
            .array(z.object({ version: z.string(), connections: count }))
            .describe('By which version the last run of each connection went'),
        }),
      ),
    }),
  },
  refusals: ofHub,
});
