import { z } from 'zod';
import { rowActions, runModes, runStates, severities } from '../sync.ts';
import { defineEndpoint } from './endpoint.ts';
import { entityName, instant, reasonBody, rosterParams, runParams } from './values.ts';

const runsPath = '/api/v1/tenants/{slug}/rosters/{connectionId}/runs';
const runPath = `${runsPath}/{runId}` as const;

const count = z.int().nonnegative();

export const runFields = z
  .object({
    runId: z.uuid(),
    connectionId: z.uuid(),
    runNo: z.int().describe('Counts up for each connection'),
    mode: z.enum(runModes),
    dry: z.boolean().describe('It ends with its plan'),
    state: z.enum(runStates),
    reason: z.string().nullable().describe('Code of why it is where it is'),
    advice: z.string().nullable().describe('What to do about it'),
    connector: z.string(),
    connectorVersion: z.string(),
    requestedBy: z.string(),
    progress: z.partialRecord(entityName, z.object({ rows: count, done: z.boolean() })),
    applied: z
      .object({ created: count, changed: count, removed: count, restored: count })
      .nullable()
      .describe('How many rows were changed by it'),
    requestedAt: instant,
    notBefore: instant.nullable(),
    startedAt: instant.nullable(),
    plannedAt: instant.nullable(),
    expiresAt: instant.nullable().describe('A plan that waits is discarded then'),
    decidedAt: instant.nullable(),
    appliedAt: instant.nullable(),
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Run' });

const holdFields = z
  .object({
    code: z.string(),
    entity: entityName.nullable(),
    school: z.string().nullable(),
    count,
    total: count,
    allowed: count,
  })
  .meta({ id: 'Hold' });

export const planFields = z
  .object({
    counts: z.array(
      z.object({
        entity: entityName,
        school: z.string().nullable().describe('sourcedId of the school; null: rows that name none'),
        present: count,
        created: count,
        changed: count,
        removed: count,
        restored: count,
      }),
    ),
    massChanges: z
      .array(
        z.object({
          kind: z.enum(['emptied', 'administrators']),
          entity: entityName,
          column: z.string(),
          count,
          had: count.describe('Rows that hold such a value now'),
        }),
      )
      .describe('What many rows lose or become at once, though none is removed'),
    samples: z.array(
      z.object({
        entity: entityName,
        action: z.enum(rowActions),
        sourcedIds: z.array(z.string()),
      }),
    ),
    sealed: z.array(entityName).describe('Read to their end: only there rows can be missing'),
    offered: count,
    rejected: count,
    holds: z.array(holdFields).describe('Why the plan waits for somebody'),
  })
  .meta({ id: 'Plan' });

const findingFields = z
  .object({
    findingNo: z.int(),
    code: z.string(),
    severity: z.enum(severities),
    entity: entityName.nullable(),
    part: z.string().nullable().describe('File or address'),
    line: z.int().nullable(),
    column: z.string().nullable(),
    sourcedId: z.string().nullable(),
    count: count.describe('Rows that have it'),
    happened: z.string(),
    advice: z.string(),
  })
  .meta({ id: 'Finding' });

const oneRun = (status: 200 | 202, about: string) =>
  ({ kind: 'json', status, about, schema: z.object({ run: runFields }) }) as const;
const unknown = ['roster_unknown', 'run_unknown'] as const;

export const startRun = defineEndpoint({
  method: 'post',
  path: runsPath,
  summary: 'Bring the roster from its source: for real, or dry up to the plan',
  scope: 'rosters:write',
  params: rosterParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      mode: z.enum(runModes).describe('All there is, or what has changed since the last run'),
      dry: z.boolean().default(false).describe('End with the plan: nothing is applied'),
      uploadId: z.uuid().optional().describe('The package to read, where the source is an upload'),
    }),
  },
  reply: oneRun(202, 'It is in the queue'),
  refusals: { 400: ['json_malformed'], 404: ['roster_unknown', 'package_unknown'], 409: ['roster_disabled'] },
});

export const listRuns = defineEndpoint({
  method: 'get',
  path: runsPath,
  summary: 'The runs of a roster, newest first',
  scope: 'rosters:read',
  params: rosterParams,
  query: z.object({
    limit: z.coerce.number().int().min(1).max(500).default(50).describe('Most runs in the answer'),
    before: z.uuid().optional().describe('Those before this run: the last one of the page before'),
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'A page of runs',
    schema: z.object({ runs: z.array(runFields) }),
  },
  refusals: { 404: ['roster_unknown'] },
});

export const showRun = defineEndpoint({
  method: 'get',
  path: runPath,
  summary: 'One run: its state and progress',
  scope: 'rosters:read',
  params: runParams,
  reply: oneRun(200, 'The run'),
  refusals: { 404: unknown },
});

export const showPlan = defineEndpoint({
  method: 'get',
  path: `${runPath}/plan`,
  summary: 'What a run would do, by entity and school, with samples and with what holds it',
  scope: 'rosters:read',
  params: runParams,
  reply: { kind: 'json', status: 200, about: 'The plan', schema: z.object({ plan: planFields }) },
  refusals: { 404: unknown, 409: ['run_unplanned'] },
});

export const listFindings = defineEndpoint({
  method: 'get',
  path: `${runPath}/findings`,
  summary: 'What a run found wrong in the source, page by page',
  scope: 'rosters:read',
  params: runParams,
  query: z.object({
    limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Most findings in the answer'),
    after: z.coerce
      .number()
      .int()
      .min(0)
      .optional()
      .describe('Those after this one: `next` of the page before'),
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'A page of findings',
    schema: z.object({
      findings: z.array(findingFields),
      next: z.int().nullable().describe('`after` for the next page; null: there is none'),
    }),
  },
  refusals: { 404: unknown },
});

export const downloadFindings = defineEndpoint({
  method: 'get',
  path: `${runPath}/findings.csv`,
  summary: 'The same as a file, for whoever mends the source',
  scope: 'rosters:read',
  params: runParams,
  reply: {
    kind: 'text',
    status: 200,
    about: 'One finding a line (RFC 4180), with a header',
    mediaType: 'text/csv; charset=utf-8; header=present',
    fileName: 'findings.csv',
  },
  refusals: { 404: unknown },
});

const decision = <const Verb extends string>(verb: Verb, summary: string, codes: readonly string[]) =>
  defineEndpoint({
    method: 'post',
    path: `${runPath}/${verb}`,
    summary,
    scope: 'rosters:write',
    params: runParams,
    body: { kind: 'json', schema: reasonBody },
    reply: oneRun(200, 'The run as it stands now'),
    refusals: { 400: ['json_malformed'], 404: unknown, 409: codes },
  });

export const approveRun = decision('approve', 'Let a plan that is held be applied', [
  'run_state',
  'roster_disabled',
]);
export const discardRun = decision('discard', 'Give up a plan: nothing of it is applied', ['run_state']);
export const cancelRun = decision('cancel', 'End a run that is under way', ['run_state']);
export const undoRun = decision('undo', 'Put the roster back as it was before an applied run', [
  'run_state',
  'run_overtaken',
  'run_too_old',
  'roster_busy',
]);
