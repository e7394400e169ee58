import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { instant, pageLimit, tenantParams } from './values.ts';

const tenantPath = '/api/v1/tenants/{slug}/audit';
const hubPath = '/api/v1/audit';

const eventFields = z
  .object({
    sequence: z.int().positive(),
    at: instant,
    actor: z.string().describe('Who, as an id'),
    action: z.string().describe('What was done, such as tool.updated'),
    subject: z.string().describe('The id of what it was done to'),
    values: z
      .object({
        reason: z.string().nullable(),
        before: z.unknown(),
        after: z.unknown(),
        origin: z.string().nullable().describe('From where: a network, never a whole address'),
      })
      .nullable()
      .describe('Secrets are masked; null: they were erased'),
  })
  .meta({ id: 'AuditEvent' });

const query = z.object({
  actor: z.string().min(1).max(200).optional(),
  action: z
    .string()
    .regex(/^[a-z0-9_.-]{1,100}$/)
    .optional()
    .describe('An action, or how it begins: tool. is everything about tools'),
  subject: z.string().min(1).max(300).optional(),
  since: instant.optional(),
  until: instant.optional().describe('Before then'),
  before: z.coerce.number().int().positive().optional().describe('The last sequence of the page before'),
  limit: pageLimit,
});

const list = {
  kind: 'json',
  status: 200,
  about: 'One page',
  schema: z.object({
    events: z.array(eventFields),
    next: z.int().nullable().describe('What to give as `before`; null: this was the last page'),
  }),
} as const;

const file = (fileName: string) =>
  ({
    kind: 'text',
    status: 200,
    about: 'First its head, then an event a line (NDJSON), with the hashes that chain them',
    mediaType: 'application/x-ndjson',
    fileName,
  }) as const;

const verdict = {
  kind: 'json',
  status: 200,
  about: 'Every event of this piece was read and its hash made anew; the whole is whole when every piece is',
  schema: z.object({
    whole: z.boolean().describe('Nothing was changed, taken out or put in, up to the end of this piece'),
    events: z.int().nonnegative().describe('How many were read for this piece'),
    erased: z.int().nonnegative().describe('Of them, those whose values were erased; their hashes stand'),
    total: z.int().nonnegative().describe('How many events there are'),
    head: z
      .string()
      .nullable()
      .describe('The hash of the last event read (base64); at the end, compare it with one kept elsewhere'),
    problem: z
      .object({
        sequence: z.int().nonnegative(),
        code: z.string(),
        missing: z
          .object({ from: z.int().positive(), to: z.int().positive() })
          .nullable()
          .describe(
            'The events that were taken out, both ends included; null: none were, or nobody can tell',
          ),
      })
      .nullable()
      .describe('Where the chain breaks, and how'),
    next: z.string().nullable().describe('What to give as `after`; null: this was the last piece'),
  }),
} as const;

const piece = z.object({
  after: z.string().min(1).max(1000).optional().describe('What the piece before gave as `next`'),
  limit: z.coerce.number().int().min(1).max(5_000).default(2_000).describe('Most events of this piece'),
});

const ofHub = { 403: ['tenant_only'] };
const read = { method: 'get', scope: 'audit:read' } as const;

export const listAudit = defineEndpoint({
  ...read,
  path: tenantPath,
  summary: 'What was changed at an institution, by whom and why; the newest first',
  params: tenantParams,
  query,
  reply: list,
  refusals: {},
});

export const exportAudit = defineEndpoint({
  ...read,
  path: `${tenantPath}/export`,
  summary: 'The audit trail of an institution as a file that can be verified on its own',
  params: tenantParams,
  reply: file('audit.ndjson'),
  refusals: {},
});

export const verifyAudit = defineEndpoint({
  ...read,
  path: `${tenantPath}/verification`,
  summary: 'Whether the audit trail of an institution is whole, piece by piece',
  params: tenantParams,
  query: piece,
  reply: verdict,
  refusals: { 400: ['cursor_invalid'] },
});

export const listHubAudit = defineEndpoint({
  ...read,
  path: hubPath,
  reach: 'hub',
  summary: 'What was changed at the hub itself, by whom and why; the newest first',
  params: z.object({}),
  query,
  reply: list,
  refusals: ofHub,
});

export const exportHubAudit = defineEndpoint({
  ...read,
  path: `${hubPath}/export`,
  reach: 'hub',
  summary: 'The audit trail of the hub itself as a file that can be verified on its own',
  params: z.object({}),
  reply: file('hub-audit.ndjson'),
  refusals: ofHub,
});

export const verifyHubAudit = defineEndpoint({
  ...read,
  path: `${hubPath}/verification`,
  reach: 'hub',
  summary: 'Whether the audit trail of the hub itself is whole, piece by piece',
  params: z.object({}),
  query: piece,
  reply: verdict,
  refusals: { ...ofHub, 400: ['cursor_invalid'] },
});
