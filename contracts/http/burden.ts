import { z } from 'zod';
import { toilKinds, workShapes } from '../burden.ts';
import { mostWorkItems, newWorkItem } from '../work-items.ts';
import { defineEndpoint } from './endpoint.ts';
import { instant, reasonBody } from './values.ts';

const nothing = z.object({});
const ofHub = { 403: ['tenant_only'] };
const read = { method: 'get', scope: 'health:read' } as const;
const write = { method: 'post', scope: 'health:write' } as const;
const reply = <Schema extends z.ZodType>(about: string, schema: Schema) =>
  ({ kind: 'json', status: 200, about, schema }) as const;

const burden = z.object({
  existing: z.number().describe('Minutes on existing integrations'),
  created: z.number().describe('Minutes on new ones'),
  share: z.number().nullable().describe('Of existing ones; null: no work is known'),
});
const burdenOf = z.object({
  from: instant,
  to: instant,
  total: burden,
  partners: z.array(burden.extend({ partner: z.string().nullable() })),
});

export const showBurden = defineEndpoint({
  ...read,
  path: '/api/v1/burden',
  reach: 'hub',
  summary: 'How much work only keeps integrations going, and what the hub makes people do',
  params: nothing,
  query: z.object({ months: z.coerce.number().int().min(1).max(36).default(12).describe('Months of toil') }),
  reply: reply(
    'Over 28 days and the term, and toil by partner and month',
    z.object({
      month: burdenOf,
      term: burdenOf.nullable(),
      toil: z.array(
        z.object({
          month: z.iso.date(),
          partner: z.string().nullable(),
          kind: z.enum(toilKinds),
          count: z.int(),
        }),
      ),
    }),
  ),
  refusals: ofHub,
});

const taken = reply('How many pieces of work', z.object({ count: z.int() }));

export const addWork = defineEndpoint({
  ...write,
  path: '/api/v1/work-items',
  reach: 'hub',
  summary: 'Hand over work on integrations; what is known by its id is replaced',
  params: nothing,
  body: { kind: 'json', schema: reasonBody.extend({ items: z.array(newWorkItem).max(mostWorkItems) }) },
  reply: taken,
  refusals: { ...ofHub, 400: ['json_malformed'] },
});

export const importWork = defineEndpoint({
  ...write,
  path: '/api/v1/work-items/import',
  reach: 'hub',
  summary: 'Hand over work on integrations as a list: id, integration, partner, minutes, done',
  params: nothing,
  body: { kind: 'stream', mediaTypes: ['text/csv'], about: 'CSV (RFC 4180) in UTF-8, at most 2 MB' },
  reply: taken,
  refusals: { ...ofHub, 400: ['work_list_invalid'] },
});

const workSource = z.object({
  sourceId: z.uuid(),
  shape: z.enum(workShapes),
  name: z.string(),
  createdAt: instant,
});

export const listWorkSources = defineEndpoint({
  ...read,
  path: '/api/v1/work-sources',
  reach: 'hub',
  summary: 'Trackers that tell of work',
  params: nothing,
  reply: reply('In the order they were added', z.object({ sources: z.array(workSource) })),
  refusals: ofHub,
});
