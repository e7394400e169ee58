import { serviceScopes } from '../../../contracts/scopes.ts';
import { toolRegistrationPath } from '../registration/tool-routes.ts';
import { tokenPath } from '../token/grant.ts';

/**
 * The platform's OpenID configuration (OpenID Connect Discovery 1.0 §3; LTI Dynamic Registration 1.0, "Platform Configuration"). It names
 * only what is served.
 */
export function createConfiguration(baseUrl: string): Record<string, unknown> {
  return {
    issuer: baseUrl,
    authorization_endpoint: `${baseUrl}/platform/authorize`,
    token_endpoint: `${baseUrl}${tokenPath}`,
    // Security Framework 1.0 §4.1.1.
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256'],
    jwks_uri: `${baseUrl}/.well-known/jwks.json`,
    // For tools that an operator has invited (RFC 7591 §3).
    registration_endpoint: `${baseUrl}${toolRegistrationPath}`,
    scopes_supported: ['openid', ...serviceScopes],
    response_types_supported: ['id_token'],
    response_modes_supported: ['form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: ['sub', 'iss', 'name', 'given_name', 'family_name', 'email', 'locale', 'picture'],
    'https://purl.imsglobal.org/spec/lti-platform-configuration': {
      product_family_code: 'gatehouse',
      version: '1',
      messages_supported: [
        { type: 'LtiResourceLinkRequest' },
        { type: 'LtiDeepLinkingRequest' },
        { type: 'LtiSubmissionReviewRequest' },
        { type: 'DataPrivacyLaunchRequest' },
      ],
      variables: [],
    },
  };
}
