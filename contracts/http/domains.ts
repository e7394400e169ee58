import { z } from 'zod';
import { domainProofs } from '../lms.ts';
import { defineEndpoint } from './endpoint.ts';
import { domain, instant, reasonBody, tenantParams } from './values.ts';

const path = '/api/v1/tenants/{slug}/domains';

const params = tenantParams.extend({ domain: domain.describe('The domain') });

const domainFields = z
  .object({
    domain: z.string(),
    verified: z
      .enum(domainProofs)
      .nullable()
      .describe('How it is known that it leads here; null: it is not, and it leads nowhere'),
    verifiedAt: instant.nullable(),
    createdAt: instant,
    cname: z.string().describe('What a CNAME record of the domain names, so that it leads to this hub'),
    challengeUrl: z.string().describe('Where the hub looks for itself under that name'),
    challenge: z.string().describe('What it looks for there; it answers so by itself'),
  })
  .meta({ id: 'TenantDomain' });
const oneDomain = z.object({ domain: domainFields });

export const listDomains = defineEndpoint({
  method: 'get',
  path,
  summary: 'Domains of an institution’s own, under which its LMS knows the hub',
  scope: 'tenants:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every one, by name',
    schema: z.object({ domains: z.array(domainFields) }),
  },
  refusals: {},
});

export const addDomain = defineEndpoint({
  method: 'post',
  path,
  summary: 'Enter a domain of an institution’s own; it leads nowhere before it is verified',
  scope: 'tenants:write',
  params: tenantParams,
  body: { kind: 'json', schema: reasonBody.extend({ domain }) },
  reply: { kind: 'json', status: 201, about: 'The domain, not verified yet', schema: oneDomain },
  refusals: {
    400: ['json_malformed', 'domain_invalid'],
    409: ['domain_exists', 'domain_taken', 'domain_limit'],
  },
});

export const verifyDomain = defineEndpoint({
  method: 'post',
  path: `${path}/{domain}/verify`,
  summary:
    'Look whether a domain leads to this hub, or vouch that it does; launches under it are led on then',
  scope: 'tenants:write',
  params,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      vouched: z
        .boolean()
        .default(false)
        .describe('Take the caller’s word, where the hub cannot reach itself by that name'),
    }),
  },
  reply: { kind: 'json', status: 200, about: 'The domain as it stands now', schema: oneDomain },
  refusals: {
    400: ['json_malformed'],
    404: ['domain_unknown'],
    409: ['domain_not_reached'],
  },
});

export const removeDomain = defineEndpoint({
  method: 'delete',
  path: `${path}/{domain}`,
  summary: 'Forget a domain that no LMS uses any more',
  scope: 'tenants:write',
  params,
  query: reasonBody,
  reply: { kind: 'json', status: 200, about: 'The domain as it was', schema: oneDomain },
  refusals: { 404: ['domain_unknown'], 409: ['domain_in_use'] },
});

/** Domains of institutions' own. */
export const domainEndpoints = { listDomains, addDomain, verifyDomain, removeDomain } as const;
