import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { newPassword, secondFactorCode, tooMany } from './operator-fields.ts';
import { instant } from './values.ts';

const path = '/api/v1/account';
const nothing = z.object({});
const password = z.string().min(1).max(200);

const rotated = z.object({
  csrfToken: z.string().describe('The session goes on under another cookie: this is its new token'),
});
const recoveryCodes = z.array(z.string()).describe('Each signs in once in place of a code; shown this once');

export const changeOwnPassword = defineEndpoint({
  method: 'put',
  path: `${path}/password`,
  summary: 'Set or change one’s own password; one’s other sessions end',
  scope: 'session',
  params: nothing,
  body: {
    kind: 'json',
    schema: z.strictObject({
      current: password
        .optional()
        .describe('Left out where there is none yet; one has to have signed in within ten minutes then'),
      password: newPassword,
    }),
  },
  reply: { kind: 'json', status: 200, about: 'It is changed', schema: rotated },
  refusals: {
    400: ['json_malformed', 'password_weak'],
    403: ['password_wrong', 'set_up_only', 'sign_in_stale'],
    ...tooMany,
  },
});

export const enrolSecondFactor = defineEndpoint({
  method: 'post',
  path: `${path}/second-factor`,
  summary: 'Begin with an authenticator; it counts once a code of it was given',
  scope: 'session',
  params: nothing,
  body: { kind: 'json', schema: z.strictObject({ current: password.optional() }) },
  reply: {
    kind: 'json',
    status: 200,
    about: 'What the authenticator needs, shown this once',
    schema: z.object({
      secret: z.string().describe('Base32, for typing'),
      uri: z.string().describe('otpauth://, for a QR code'),
    }),
  },
  refusals: {
    400: ['json_malformed'],
    403: ['password_wrong', 'set_up_only', 'sign_in_stale'],
    409: ['second_factor_present'],
    ...tooMany,
  },
});

export const confirmSecondFactor = defineEndpoint({
  method: 'post',
  path: `${path}/second-factor/confirm`,
  summary: 'Give the first code of the authenticator; one’s other sessions end',
  scope: 'session',
  params: nothing,
  body: { kind: 'json', schema: z.strictObject({ code: secondFactorCode }) },
  reply: {
    kind: 'json',
    status: 200,
    about: 'From now on it is asked for',
    schema: rotated.extend({ recoveryCodes }),
  },
  refusals: {
    400: ['json_malformed'],
    403: ['code_wrong'],
    409: ['second_factor_not_begun'],
    ...tooMany,
  },
});

export const removeSecondFactor = defineEndpoint({
  method: 'post',
  path: `${path}/second-factor/remove`,
  summary: 'Do without the authenticator from now on',
  scope: 'session',
  params: nothing,
  body: { kind: 'json', schema: z.strictObject({ code: secondFactorCode }) },
  reply: { kind: 'json', status: 200, about: 'It is gone', schema: rotated },
  refusals: { 400: ['json_malformed'], 403: ['code_wrong'], ...tooMany },
});

export const makeRecoveryCodes = defineEndpoint({
  method: 'post',
  path: `${path}/recovery-codes`,
  summary: 'Make new recovery codes in place of the old ones',
  scope: 'session',
  params: nothing,
  body: { kind: 'json', schema: z.strictObject({ code: secondFactorCode }) },
  reply: { kind: 'json', status: 200, about: 'The new ones', schema: z.object({ recoveryCodes }) },
  refusals: { 400: ['json_malformed'], 403: ['code_wrong'], ...tooMany },
});

export const listOwnSessions = defineEndpoint({
  method: 'get',
  path: `${path}/sessions`,
  summary: 'Where one is signed in',
  scope: 'session',
  params: nothing,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Sessions that have not ended, the newest first',
    schema: z.object({
      sessions: z.array(
        z.object({
          sessionId: z.uuid(),
          isThis: z.boolean().describe('The one that asks'),
          by: z.enum(['password', 'link', 'company', 'school']).describe('How it began'),
          startedAt: instant,
          seenAt: instant.describe('To the minute'),
          endsAt: instant,
        }),
      ),
    }),
  },
  refusals: {},
});

export const endOwnSession = defineEndpoint({
  method: 'delete',
  path: `${path}/sessions/{sessionId}`,
  summary: 'End one of one’s own sessions',
  scope: 'session',
  params: z.object({ sessionId: z.uuid() }),
  reply: { kind: 'json', status: 200, about: 'It has ended', schema: z.object({ ended: z.literal(true) }) },
  refusals: { 404: ['operator_session_unknown'] },
});
