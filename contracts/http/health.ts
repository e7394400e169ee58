import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import {
  deliveryReply,
  filterQuery,
  ms,
  numbersQuery,
  numbersReply,
  overviewReply,
  rangeQuery,
  rowsQuery,
  rowsReply,
  tenantQuery,
} from './health-fields.ts';
import { instant, tenantParams } from './values.ts';

const hub = '/api/v1/health' as const;
const tenant = '/api/v1/tenants/{slug}/health' as const;
const noParams = z.object({});
const csv = (about: string, fileName: string) =>
  ({
    kind: 'text',
    status: 200,
    about,
    mediaType: 'text/csv; charset=utf-8; header=present',
    fileName,
  }) as const;
const read = { method: 'get', scope: 'health:read', refusals: { 400: ['range_invalid'] } } as const;
const readHub = { ...read, reach: 'hub', refusals: { ...read.refusals, 403: ['tenant_only'] } } as const;
const numbersJson = {
  kind: 'json',
  status: 200,
  about: 'A group without an exchange is left out',
  schema: numbersReply,
} as const;
const numbersCsv = csv('One group a line (RFC 4180), with a header', 'health.csv');
const rowsJson = { kind: 'json', status: 200, about: 'The newest first', schema: rowsReply } as const;
const rowsCsv = csv('One exchange a line (RFC 4180), with a header', 'exchanges.csv');
const deliveryJson = {
  kind: 'json',
  status: 200,
  about: 'Scores on their way',
  schema: deliveryReply,
} as const;

const overviewJson = {
  kind: 'json',
  status: 200,
  about: 'Over the last hour, day and 28 days',
  schema: overviewReply,
} as const;

const titles = {
  overview: 'all that a first page shows, side by side',
  numbers: 'how integrations go: rates, attempts, freshness and durations',
  rows: 'the exchanges behind a number',
  delivery: 'how scores come through, and what waits',
};

export const hubOverview = defineEndpoint({
  ...readHub,
  path: `${hub}/overview`,
  summary: `Of all tenants, ${titles.overview}`,
  params: noParams,
  query: filterQuery.extend(tenantQuery.shape),
  reply: overviewJson,
});
export const hubHealth = defineEndpoint({
  ...readHub,
  path: `${hub}/numbers`,
  summary: `Of all tenants, ${titles.numbers}`,
  params: noParams,
  query: numbersQuery.extend(tenantQuery.shape),
  reply: numbersJson,
});
export const downloadHubHealth = defineEndpoint({
  ...hubHealth,
  path: `${hub}/numbers.csv`,
  summary: 'The same as a file',
  reply: numbersCsv,
});
export const hubExchanges = defineEndpoint({
  ...readHub,
  path: `${hub}/exchanges`,
  summary: `Of all tenants, ${titles.rows}`,
  params: noParams,
  query: rowsQuery.extend(tenantQuery.shape),
  reply: rowsJson,
});
export const downloadHubExchanges = defineEndpoint({
  ...hubExchanges,
  path: `${hub}/exchanges.csv`,
  summary: 'The same as a file',
  reply: rowsCsv,
});
export const hubGradeDelivery = defineEndpoint({
  ...readHub,
  path: `${hub}/grade-delivery`,
  summary: `Of all tenants, ${titles.delivery}`,
  params: noParams,
  query: rangeQuery.extend(filterQuery.shape).omit({ kind: true }).extend(tenantQuery.shape),
  reply: deliveryJson,
});

export const tenantOverview = defineEndpoint({
  ...read,
  path: `${tenant}/overview`,
  summary: `Of one tenant, ${titles.overview}`,
  params: tenantParams,
  query: filterQuery,
  reply: overviewJson,
});
export const tenantHealth = defineEndpoint({
  ...read,
  path: `${tenant}/numbers`,
  summary: `Of one tenant, ${titles.numbers}`,
  params: tenantParams,
  query: numbersQuery,
  reply: numbersJson,
});
export const downloadTenantHealth = defineEndpoint({
  ...tenantHealth,
  path: `${tenant}/numbers.csv`,
  summary: 'The same as a file',
  reply: numbersCsv,
});
export const tenantExchanges = defineEndpoint({
  ...read,
  path: `${tenant}/exchanges`,
  summary: `Of one tenant, ${titles.rows}`,
  params: tenantParams,
  query: rowsQuery,
  reply: rowsJson,
});
export const downloadTenantExchanges = defineEndpoint({
  ...tenantExchanges,
  path: `${tenant}/exchanges.csv`,
  summary: 'The same as a file',
  reply: rowsCsv,
});
export const tenantGradeDelivery = defineEndpoint({
  ...read,
  path: `${tenant}/grade-delivery`,
  summary: `Of one tenant, ${titles.delivery}`,
  params: tenantParams,
  query: rangeQuery.extend(filterQuery.shape).omit({ kind: true }),
  reply: deliveryJson,
});
export const tenantFreshness = defineEndpoint({
  ...read,
  path: `${tenant}/freshness`,
  summary: 'How old the rosters of a tenant are, against how often they should come',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every roster that is not disabled',
    schema: z.object({
      rosters: z.array(
        z.object({
          connectionId: z.uuid(),
          name: z.string(),
          lastSuccess: instant.nullable().describe('End of the last good run'),
          ageMs: ms.nullable().describe('Since then, declared pauses left out'),
          cadenceMs: ms.nullable().describe('The longest time between two runs of its schedule'),
          isBreached: z.boolean().describe('Older than one and a half times that'),
        }),
      ),
    }),
  },
});
