import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { entityName, instant, reasonText, rosterParams } from './values.ts';

const path = '/api/v1/tenants/{slug}/rosters/{connectionId}/overrides';

const field = {
  entity: entityName,
  sourcedId: z.string().min(1).max(255),
  column: z.string().min(1).max(100).describe('As in the CSV header, such as givenName'),
};
const done = {
  kind: 'json',
  status: 200,
  about: 'It is so',
  schema: z.object({ entity: entityName, sourcedId: z.string(), column: z.string() }),
} as const;

export const listOverrides = defineEndpoint({
  method: 'get',
  path,
  summary: 'Fields the institution has set by hand',
  scope: 'rosters:read',
  params: rosterParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every field that the source does not write over',
    schema: z.object({
      overrides: z.array(
        z.object({
          entity: entityName,
          sourcedId: z.string(),
          column: z.string(),
          value: z.string().nullable().describe('Null: emptied, or hidden'),
          hidden: z
            .boolean()
            .describe('It is about a person, and whoever asks may not read people: people:read shows it'),
          setBy: z.string(),
          setAt: instant,
        }),
      ),
    }),
  },
  refusals: { 404: ['roster_unknown'] },
});

export const overrideField = defineEndpoint({
  method: 'put',
  path,
  summary: 'Set a field by hand: the source does not write over it',
  scope: 'rosters:write',
  params: rosterParams,
  body: {
    kind: 'json',
    schema: z.strictObject({
      ...field,
      value: z.string().nullable().describe('As in a CSV file; null empties it'),
      reason: reasonText,
    }),
  },
  reply: done,
  refusals: {
    400: ['json_malformed', 'override_column_unknown', 'override_value_invalid'],
    404: ['roster_unknown', 'roster_row_unknown'],
  },
});

export const clearOverride = defineEndpoint({
  method: 'delete',
  path,
  summary: 'Let the source write a field again',
  scope: 'rosters:write',
  params: rosterParams,
  query: z.object({ ...field, reason: reasonText }),
  reply: done,
  refusals: { 404: ['override_unknown'] },
});
