import { scopes } from '../grades/ags.ts';
import { membershipScope } from '../memberships/nrps.ts';

const platformClaim = 'https://purl.imsglobal.org/spec/lti-platform-configuration';

/** What tools may be allowed here. */
export const offeredScopes: readonly string[] = [...Object.values(scopes), membershipScope];

/**
 * What the LMS says of itself to a tool that is to register (OpenID Connect Discovery 1.0 §3; LTI Dynamic Registration 1.0,
 * "Platform Configuration").
 */
export function platformConfiguration(lms: {
  issuer: string;
  baseUrl: string;
  authorizeUrl: string;
  jwksUrl: string;
  tokenUrl: string;
}): Record<string, unknown> {
  return {
    issuer: lms.issuer,
    authorization_endpoint: lms.authorizeUrl,
    token_endpoint: lms.tokenUrl,
    jwks_uri: lms.jwksUrl,
    registration_endpoint: `${lms.baseUrl}/register`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', ...offeredScopes],
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email', 'locale'],
    [platformClaim]: {
      product_family_code: 'maple',
      version: '1.0',
      messages_supported: [
        { type: 'LtiResourceLinkRequest' },
        { type: 'LtiDeepLinkingRequest', placements: ['ContentArea'] },
      ],
      variables: [],
    },
  };
}
