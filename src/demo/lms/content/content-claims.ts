import type { LtiClaims } from '../claims.ts';
import { ltiClaim } from '../claims.ts';

const claim = 'https://purl.imsglobal.org/spec/lti-dl/claim/';

/** Full name of a Deep Linking claim, such as `data`. */
export function contentClaim(name: string): string {
  return claim + name;
}

/** Kinds of content that courses here can hold. */
const acceptTypes = ['ltiResourceLink', 'link'];

/** Makes the claims of a launch into those of a request for content. Deep Linking 2.0 §4.4. */
export function toContentClaims(
  { [ltiClaim('resource_link')]: _link, [ltiClaim('custom')]: _custom, ...claims }: LtiClaims,
  request: { returnUrl: string; data: string },
): LtiClaims {
  return {
    ...claims,
    [ltiClaim('message_type')]: 'LtiDeepLinkingRequest',
    [contentClaim('deep_linking_settings')]: {
      deep_link_return_url: request.returnUrl,
      accept_types: acceptTypes,
      accept_presentation_document_targets: ['iframe', 'window'],
      accept_multiple: true,
      accept_lineitem: true,
      data: request.data,
    },
  };
}
