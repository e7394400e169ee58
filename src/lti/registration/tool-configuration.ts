import { serviceScopes } from '../../../contracts/scopes.ts';
import { hubAddresses, type LmsPlace } from '../addresses.ts';
import type { PlatformConfiguration } from './configuration.ts';
import { profileOf, registeredMessages } from './profiles.ts';

/** Claim of the client metadata (LTI Dynamic Registration 1.0, "Tool Configuration"). */
export const toolClaim = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

/** Claims of a launch that the hub can make use of (LTI Dynamic Registration 1.0, "Tool Configuration"). */
const claims = ['iss', 'sub', 'name', 'given_name', 'family_name', 'email', 'locale', 'picture'];

/**
 * What the hub tells a platform of itself as a tool (LTI Dynamic Registration 1.0 §2.2.1; RFC 7591 §2).
 *
 * @param place where the hub answers for the tenant, and the tool that a link without a choice leads to
 */
export function createToolConfiguration(
  { family, scopes, placements }: PlatformConfiguration,
  place: LmsPlace & { soleTool: string | undefined },
): Record<string, unknown> {
  const { host, loginUrl, launchUrl, jwksUrl, openUrl } = hubAddresses(place);
  const target = place.soleTool === undefined ? launchUrl : openUrl(place.soleTool);
  const profile = profileOf(family);
  return {
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    initiate_login_uri: loginUrl,
    redirect_uris: [launchUrl],
    client_name: 'Gatehouse',
    jwks_uri: jwksUrl,
    token_endpoint_auth_method: 'private_key_jwt',
    // Without openid, which is asked for at each launch: Canvas refuses it here.
    scope: serviceScopes.filter((scope) => scopes?.includes(scope) ?? true).join(' '),
    [toolClaim]: {
      // With the port where it has one: Moodle compares it with the addresses so.
      domain: host,
      description: 'Opens the tools of this institution.',
      target_link_uri: target,
      claims,
      messages: registeredMessages.map((type) => {
        const offered = placements.get(type);
        // What it does not name it may still have; what it names is all there is.
        const wanted = profile.placements[type].filter((each) => offered?.includes(each) ?? true);
        return {
          type,
          // Content is chosen among all tools, of which the hub shows a list.
          target_link_uri: type === 'LtiDeepLinkingRequest' ? launchUrl : target,
          label: 'Gatehouse',
          ...(wanted.length > 0 && { placements: wanted, ...profile.messageExtras[type] }),
        };
      }),
      ...profile.extras,
    },
  };
}
