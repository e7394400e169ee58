import type { FamilyName } from '../../../../contracts/lms.ts';
import { platformClaim } from '../../../../src/lti/registration/configuration.ts';
import { toolClaim } from '../../../../src/lti/registration/tool-configuration.ts';

export type RegisteringFamily = Exclude<FamilyName, 'schoology'>;

const ags = 'https://purl.imsglobal.org/spec/lti-ags/scope';
const scopes = [
  `${ags}/lineitem`,
  `${ags}/lineitem.readonly`,
  `${ags}/result.readonly`,
  `${ags}/score`,
  'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
];

const common = {
  token_endpoint_auth_methods_supported: ['private_key_jwt'],
  token_endpoint_auth_signing_alg_values_supported: ['RS256'],
  scopes_supported: scopes,
  response_types_supported: ['id_token'],
  id_token_signing_alg_values_supported: ['RS256'],
  subject_types_supported: ['public'],
  claims_supported: ['sub', 'iss', 'name', 'given_name', 'family_name', 'email', 'locale'],
};

/** The OpenID configuration of each product, in the form in which it sends it. @param origin the school's own site */
export const configurations: Readonly<
  Record<RegisteringFamily, (origin: string) => Record<string, unknown>>
> = {
  canvas: (origin) => ({
    ...common,
    issuer: 'https://canvas.instructure.com',
    authorization_endpoint: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
    registration_endpoint: `${origin}/register`,
    jwks_uri: 'https://sso.canvaslms.com/api/lti/security/jwks',
    token_endpoint: 'https://sso.canvaslms.com/login/oauth2/token',
    authorization_server: 'canvas.instructure.com',
    [platformClaim]: {
      product_family_code: 'canvas',
      version: 'vCloud',
      messages_supported: [
        { type: 'LtiResourceLinkRequest', placements: ['account_navigation', 'course_navigation'] },
        { type: 'LtiDeepLinkingRequest', placements: ['assignment_selection', 'editor_button'] },
      ],
      variables: ['ResourceLink.id'],
      'https://canvas.instructure.com/lti/account_name': 'Test University',
      'https://canvas.instructure.com/lti/account_lti_guid': 'x:canvas-lms',
    },
  }),
  moodle: (origin) => ({
    ...common,
    issuer: origin,
    authorization_endpoint: `${origin}/mod/lti/auth.php`,
    token_endpoint: `${origin}/mod/lti/token.php`,
    jwks_uri: `${origin}/mod/lti/certs.php`,
    registration_endpoint: `${origin}/register`,
    [platformClaim]: {
      product_family_code: 'moodle',
      version: '4.5.1 (Build: 20241205)',
      messages_supported: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest' }],
      variables: ['basic-lti-launch-request', 'context_id', 'Context.id.history'],
    },
  }),
  blackboard: (origin) => ({
    ...common,
    issuer: 'https://blackboard.com',
    // Not the ones that its documentation names.
    authorization_endpoint: 'https://developer.blackboard.com/api/v1/gateway/oidc',
    token_endpoint: 'https://developer.blackboard.com/api/v1/oauth2/token',
    jwks_uri: 'https://developer.blackboard.com/api/v1/management/applications/keys',
    registration_endpoint: `${origin}/register`,
    [platformClaim]: {
      product_family_code: 'BlackboardLearn',
      version: '3900',
      messages_supported: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest' }],
    },
  }),
  brightspace: (origin) => ({
    ...common,
    issuer: origin,
    authorization_endpoint: `${origin}/d2l/lti/authenticate`,
    token_endpoint: 'https://auth.brightspace.com/core/connect/token',
    jwks_uri: `${origin}/d2l/.well-known/jwks`,
    registration_endpoint: `${origin}/register`,
    authorization_server: 'https://api.brightspace.com/auth/token',
    [platformClaim]: {
      product_family_code: 'desire2learn',
      version: '20.24.11',
      messages_supported: [
        { type: 'LtiResourceLinkRequest' },
        { type: 'LtiDeepLinkingRequest', placements: ['ContentArea'] },
      ],
    },
  }),
  sakai: (origin) => ({
    ...common,
    issuer: origin,
    authorization_endpoint: `${origin}/imsoidc/lti13/oidc_auth`,
    token_endpoint: `${origin}/imsblis/lti13/token/7`,
    jwks_uri: `${origin}/imsblis/lti13/keyset`,
    registration_endpoint: `${origin}/register`,
    [platformClaim]: {
      product_family_code: 'sakailms.org',
      version: '23.1',
      messages_supported: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest' }],
    },
  }),
  generic: (origin) => ({
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    jwks_uri: `${origin}/jwks`,
    registration_endpoint: `${origin}/register`,
  }),
};

type Metadata = Record<string, unknown>;

/** What each product answers to a registration that it takes. */
export const answers: Readonly<Record<RegisteringFamily, (asked: Metadata) => Metadata>> = {
  canvas: (asked) => ({ ...asked, client_id: '10000000000077', deployment_id: '7:8865aa05b4b79b64' }),
  moodle: (asked) => withClaim(asked, { client_id: 'Xy12Zt9aBcDeFgH' }, { deployment_id: '42' }),
  blackboard: (asked) => ({ ...asked, client_id: '4c43e5f0-9eef-425f-bf7c-c81689013cb7' }),
  brightspace: (asked) =>
    withClaim(asked, { client_id: 'aab1c2d3-0000-4000-8000-000000000001' }, { deployment_id: 'dep-1' }),
  sakai: (asked) => withClaim(asked, { client_id: 'sakai-7' }, { deployment_id: '1' }),
  generic: () => ({ client_id: 'any-1' }),
};

function withClaim(asked: Metadata, more: Metadata, claimed: Metadata): Metadata {
  return { ...asked, ...more, [toolClaim]: { ...(asked[toolClaim] as Metadata), ...claimed } };
}
