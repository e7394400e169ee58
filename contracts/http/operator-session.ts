import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import {
  linkToken,
  newPassword,
  operatorEmail,
  operatorFields,
  operatorName,
  scopeName,
  secondFactorCode,
  signedInReply,
  tooMany,
} from './operator-fields.ts';
import { setupSteps } from './roles.ts';
import { schoolWay } from './school-sign-in.ts';
import { instant } from './values.ts';

const path = '/api/v1/session';
const nothing = z.object({});

export const showSignInOptions = defineEndpoint({
  method: 'get',
  path: `${path}/options`,
  summary: 'What the sign-in page has to offer',
  scope: 'anyone',
  params: nothing,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Ways to sign in',
    schema: z.object({
      hubName: z.string(),
      firstRun: z
        .boolean()
        .describe('Nobody has an account yet: the link that was printed at the start makes one'),
      company: z
        .object({ name: z.string(), startPath: z.string().describe('Where the browser goes') })
        .nullable()
        .describe('The company’s own sign-in'),
    }),
  },
  refusals: {},
});

export const signInOperator = defineEndpoint({
  method: 'post',
  path,
  summary: 'Sign in with e-mail address and password',
  scope: 'anyone',
  params: nothing,
  body: {
    kind: 'json',
    schema: z.strictObject({
      email: operatorEmail,
      password: z.string().min(1).max(200),
      tenantSlug: z
        .string()
        .max(63)
        .optional()
        .describe('The short name of the institution, for its admins; staff of the hub leave it out'),
    }),
  },
  reply: signedInReply,
  refusals: { 400: ['json_malformed'], 401: ['sign_in_refused'], ...tooMany },
});

export const giveSecondFactor = defineEndpoint({
  method: 'post',
  path: `${path}/second-factor`,
  summary: 'Give the code of the authenticator, or a recovery code',
  scope: 'anyone',
  params: nothing,
  body: { kind: 'json', schema: z.strictObject({ code: secondFactorCode }) },
  reply: signedInReply,
  refusals: { 400: ['json_malformed'], 401: ['second_factor_refused', 'sign_in_over'], ...tooMany },
});

export const signInByLink = defineEndpoint({
  method: 'post',
  path: `${path}/link`,
  summary: 'Sign in by a one-time link, such as the demo prints, or open a set-up link',
  scope: 'anyone',
  params: nothing,
  body: { kind: 'json', schema: z.strictObject({ token: linkToken }) },
  reply: signedInReply,
  refusals: { 400: ['json_malformed'], 401: ['link_refused'], ...tooMany },
});

export const completeFirstRun = defineEndpoint({
  method: 'post',
  path: '/api/v1/first-run',
  summary: 'Make the first account, an owner’s, by the link that was printed at the start',
  scope: 'anyone',
  params: nothing,
  body: {
    kind: 'json',
    schema: z.strictObject({
      token: linkToken,
      name: operatorName,
      email: operatorEmail,
      password: newPassword,
    }),
  },
  reply: signedInReply,
  refusals: { 400: ['json_malformed', 'password_weak'], 401: ['link_refused'], ...tooMany },
});

export const showInvitation = defineEndpoint({
  method: 'post',
  path: '/api/v1/invitation/show',
  summary: 'For whom an invitation is; it stays good',
  scope: 'anyone',
  params: nothing,
  body: { kind: 'json', schema: z.strictObject({ token: linkToken }) },
  reply: {
    kind: 'json',
    status: 200,
    about: 'Whom it invites',
    schema: z.object({
      name: z.string(),
      email: z.string(),
      tenantSlug: z.string().nullable(),
      ways: z.array(schoolWay).describe('The institution’s own sign-in, in place of a password'),
    }),
  },
  refusals: { 400: ['json_malformed'], 401: ['link_refused'], ...tooMany },
});

export const acceptInvitation = defineEndpoint({
  method: 'post',
  path: '/api/v1/invitation',
  summary: 'Accept an invitation, or set a new password by a link for that',
  scope: 'anyone',
  params: nothing,
  body: {
    kind: 'json',
    schema: z.strictObject({ token: linkToken, name: operatorName, password: newPassword }),
  },
  reply: signedInReply,
  refusals: { 400: ['json_malformed', 'password_weak'], 401: ['link_refused'], ...tooMany },
});

export const showOwnSession = defineEndpoint({
  method: 'get',
  path,
  summary: 'Who is signed in here, and what they may do',
  scope: 'session',
  params: nothing,
  reply: {
    kind: 'json',
    status: 200,
    about: 'The session of this browser',
    schema: z.object({
      ...operatorFields.pick({
        operatorId: true,
        name: true,
        email: true,
        roles: true,
        secondFactor: true,
        isLinked: true,
      }).shape,
      scopes: z.array(scopeName),
      tenantSlug: z.string().nullable().describe('The one institution it reaches; null: all'),
      csrfToken: z.string(),
      hubName: z.string(),
      hasPassword: z.boolean(),
      setupSteps: z
        .array(z.enum(setupSteps))
        .nullable()
        .describe('What a set-up link was for; null: it is no session of a set-up link'),
      idleUntil: instant,
      endsAt: instant,
    }),
  },
  refusals: {},
});

export const signOutOperator = defineEndpoint({
  method: 'delete',
  path,
  summary: 'Sign out of this browser',
  scope: 'session',
  params: nothing,
  reply: { kind: 'json', status: 200, about: 'It has ended', schema: z.object({ ended: z.literal(true) }) },
  refusals: {},
});
