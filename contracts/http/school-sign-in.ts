import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { linkToken, operatorFields, tooMany } from './operator-fields.ts';
import { invitationReply } from './operators.ts';
import { lentToAdmins } from './roles.ts';
import { instant, reasonBody, tenantParams } from './values.ts';

const waysPath = '/api/v1/tenants/{slug}/admin-sign-in';
const connectionId = z.uuid().describe('The identity connection');
const adminParams = tenantParams.extend({ operatorId: z.uuid().describe('The admin') });

/** A way to the console by an institution's own sign-in. */
export const schoolWay = z
  .object({
    connectionId,
    name: z.string(),
    startPath: z.string().describe('Where the browser goes'),
  })
  .meta({ id: 'SchoolWay' });

const setOut = {
  kind: 'json',
  status: 200,
  about: 'It is good for ten minutes, in this browser',
  schema: z.object({ startPath: z.string().describe('Where the browser goes') }),
} as const;

const showSchoolSignIn = defineEndpoint({
  method: 'get',
  path: '/api/v1/session/schools/{slug}',
  summary: 'By which sign-in of their institution its admins come to the console',
  scope: 'anyone',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'None where there is no such institution, or it has opened none',
    schema: z.object({ ways: z.array(schoolWay) }),
  },
  refusals: {},
});

const acceptBySchool = defineEndpoint({
  method: 'post',
  path: '/api/v1/invitation/school',
  summary: 'Accept an invitation by the institution’s own sign-in in place of a password',
  scope: 'anyone',
  params: z.object({}),
  body: { kind: 'json', schema: z.strictObject({ token: linkToken, connectionId }) },
  reply: setOut,
  refusals: { 400: ['json_malformed'], 401: ['link_refused'], 409: ['way_closed'], ...tooMany },
});

const linkOwnSchool = defineEndpoint({
  method: 'post',
  path: '/api/v1/account/school',
  summary: 'Link one’s own account with the institution’s own sign-in',
  scope: 'session',
  params: z.object({}),
  body: {
    kind: 'json',
    schema: z.strictObject({ connectionId, current: z.string().min(1).max(200).optional() }),
  },
  reply: setOut,
  refusals: {
    400: ['json_malformed'],
    403: ['password_missing', 'password_wrong', 'set_up_only'],
    409: ['way_closed'],
    ...tooMany,
  },
});

const listAdminWays = defineEndpoint({
  method: 'get',
  path: waysPath,
  summary: 'Identity connections by which admins could come to the console, and those by which they do',
  scope: 'admins:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'The oldest first',
    schema: z.object({
      ways: z.array(
        z.object({
          connectionId,
          name: z.string(),
          protocol: z.enum(['saml', 'oidc']),
          status: z.enum(['active', 'paused', 'disabled']),
          openedAt: instant.nullable().describe('Null: admins do not come by it'),
          admins: z.int().nonnegative().describe('How many accounts are linked'),
          certificates: z.array(z.string()).describe('SHA-256 of those whose signatures count'),
          keysFrom: z
            .string()
            .nullable()
            .describe(
              'The address that says whose signatures count: of SAML metadata, or the issuer; null: a document',
            ),
          signer: z
            .string()
            .nullable()
            .describe('SHA-256 of the certificate that has to sign the SAML metadata; null: none has to'),
          subjectFrom: z
            .string()
            .describe(
              'What tells one person from another: NameID and its formats, or SAML attributes; a claim and the client',
            ),
        }),
      ),
    }),
  },
  refusals: {},
});

const oneWay = {
  kind: 'json',
  status: 200,
  about: 'As it is now',
  schema: z.object({ connectionId, open: z.boolean() }),
} as const;
const wayParams = tenantParams.extend({ connectionId });

const openAdminWay = defineEndpoint({
  method: 'post',
  path: `${waysPath}/{connectionId}/open`,
  summary: 'Let admins come to the console by a connection, once their accounts are linked',
  scope: 'admins:write',
  // Whoever looks after the other side lets in whom they like.
  lends: lentToAdmins,
  params: wayParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      certificates: z
        .array(z.string().regex(/^[0-9a-f]{64}$/))
        .max(50)
        .optional()
        .describe(
          'SHA-256 of the certificates you have seen it trust: it is opened only where it trusts no others',
        ),
      keysFrom: z
        .string()
        .max(2_000)
        .nullable()
        .optional()
        .describe(
          'The address you have seen its keys come from: it is opened only where they come from there',
        ),
      signer: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .nullable()
        .optional()
        .describe('The signer of its metadata you have seen: it is opened only for that'),
      subjectFrom: z
        .string()
        .max(6_000)
        .optional()
        .describe('What you have seen persons told apart by: it is opened only for that'),
    }),
  },
  reply: oneWay,
  refusals: {
    400: ['json_malformed'],
    403: ['scope_beyond_own'],
    404: ['identity_unknown'],
    409: ['way_unfit', 'way_unsettled'],
  },
});

const closeAdminWay = defineEndpoint({
  method: 'post',
  path: `${waysPath}/{connectionId}/close`,
  summary: 'Let admins come by a connection no more; their sessions by it end, and their links go',
  scope: 'admins:write',
  // An account that is linked no more could be acted for by a set-up link.
  lends: lentToAdmins,
  params: wayParams,
  body: { kind: 'json', schema: reasonBody },
  reply: oneWay,
  refusals: { 400: ['json_malformed'], 403: ['scope_beyond_own'], 404: ['identity_unknown'] },
});

const unlinkAdmin = defineEndpoint({
  method: 'post',
  path: '/api/v1/tenants/{slug}/admins/{operatorId}/unlink',
  summary: 'Take the link with the institution’s own sign-in off an admin; their sessions end',
  scope: 'admins:write',
  // As with closing the way.
  lends: lentToAdmins,
  params: adminParams,
  body: { kind: 'json', schema: reasonBody },
  reply: {
    kind: 'json',
    status: 200,
    about: 'As it is now',
    schema: z.object({ operator: operatorFields }),
  },
  refusals: { 400: ['json_malformed'], 403: ['scope_beyond_own'], 404: ['operator_unknown'] },
});

const makeAdminPasswordLink = defineEndpoint({
  method: 'post',
  path: '/api/v1/tenants/{slug}/admins/{operatorId}/password-link',
  summary: 'Make a one-time link by which an admin sets a new password, good for a day',
  scope: 'admins:write',
  // Whoever opens it is that admin.
  lends: lentToAdmins,
  params: adminParams,
  body: { kind: 'json', schema: reasonBody },
  reply: { kind: 'json', status: 201, about: 'The link; those before it end', schema: invitationReply },
  refusals: {
    400: ['json_malformed'],
    403: ['scope_beyond_own'],
    404: ['operator_unknown'],
    409: ['operator_disabled'],
  },
});

/** How admins of institutions come in by their own institution's sign-in, or by a new password. */
export const schoolSignInEndpoints = {
  showSchoolSignIn,
  acceptBySchool,
  linkOwnSchool,
  listAdminWays,
  openAdminWay,
  closeAdminWay,
  unlinkAdmin,
  makeAdminPasswordLink,
} as const;
