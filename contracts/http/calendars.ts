import { z } from 'zod';
import { spanKinds } from '../calendars.ts';
import { newSpan } from '../spans.ts';
import { defineEndpoint } from './endpoint.ts';
import { reasonBody, tenantParams } from './values.ts';

const path = '/api/v1/tenants/{slug}/calendar';

const spanFields = z
  .object({
    spanId: z.uuid(),
    kind: z.enum(spanKinds),
    name: z.string(),
    from: z.iso.date().describe('First day, by the school’s own clocks'),
    to: z.iso.date().describe('Last day, inclusive'),
    source: z.enum(['manual', 'import']),
  })
  .meta({ id: 'Span' });

const calendarReply = {
  kind: 'json',
  status: 200,
  about: 'The calendar, its spans in the order of their first days',
  schema: z.object({ calendar: z.object({ zone: z.string(), spans: z.array(spanFields) }) }),
} as const;
const missing = { 404: ['calendar_missing'] };

export const showCalendar = defineEndpoint({
  method: 'get',
  path,
  summary: 'A school’s terms, exams and breaks',
  scope: 'health:read',
  params: tenantParams,
  reply: calendarReply,
  refusals: missing,
});

export const setCalendarZone = defineEndpoint({
  method: 'put',
  path,
  summary: 'Say by which clocks a school lives; its calendar begins with that',
  scope: 'health:write',
  params: tenantParams,
  body: { kind: 'json', schema: reasonBody.extend({ zone: z.string().min(1).max(100) }) },
  reply: calendarReply,
  refusals: { 400: ['json_malformed', 'zone_unknown'] },
});

export const addSpan = defineEndpoint({
  method: 'post',
  path: `${path}/spans`,
  summary: 'Add a term, exams or a break',
  scope: 'health:write',
  params: tenantParams,
  body: { kind: 'json', schema: reasonBody.extend({ span: newSpan }) },
  reply: { kind: 'json', status: 201, about: 'The span', schema: z.object({ span: spanFields }) },
  refusals: { 400: ['json_malformed', 'span_invalid'], ...missing, 409: ['calendar_full'] },
});

export const removeSpan = defineEndpoint({
  method: 'delete',
  path: `${path}/spans/{spanId}`,
  summary: 'Take a span out',
  scope: 'health:write',
  params: tenantParams.extend({ spanId: z.uuid().describe('The span') }),
  query: reasonBody,
  reply: { kind: 'json', status: 200, about: 'What it was', schema: z.object({ span: spanFields }) },
  refusals: { 404: ['span_unknown'] },
});

export const importCalendar = defineEndpoint({
  method: 'post',
  path: `${path}/import`,
  summary: 'Read terms, exams and breaks from an iCalendar file, in place of those of the import before',
  scope: 'health:write',
  params: tenantParams,
  query: reasonBody.extend({
    zone: z.string().min(1).max(100).optional().describe('By which clocks the school lives'),
    dry: z.enum(['true', 'false']).default('false').describe('Show what would come of it'),
  }),
  body: { kind: 'stream', mediaTypes: ['text/calendar'], about: 'The file (RFC 5545), 2 MB at most' },
  reply: {
    kind: 'json',
    status: 200,
    about: 'What was read',
    schema: z.object({
      zone: z.string(),
      spans: z.array(spanFields),
      replaced: z.int(),
      passedOver: z.int().describe('Events that mean nothing here'),
      unpaired: z.int().describe('First or last days of terms without the other side'),
      findings: z.array(z.object({ code: z.string(), event: z.int().describe('Counts from 1') })),
    }),
  },
  refusals: {
    400: [
      'zone_unknown',
      'calendar_unreadable',
      'calendar_too_large',
      'calendar_empty',
      'span_invalid',
      'body_incomplete',
    ],
    404: ['calendar_missing'],
    409: ['calendar_full'],
    413: ['body_too_large'],
    415: ['unsupported_media_type'],
  },
});
