import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { defined } from '../../../platform/defined.ts';
import type { VerifiedClaims } from '../verify.ts';
import type { Offer } from './catalogue.ts';

const lti = 'https://purl.imsglobal.org/spec/lti/claim/';
const deepLinking = 'https://purl.imsglobal.org/spec/lti-dl/claim/';

const settings = z.object({
  deep_link_return_url: z.string(),
  accept_types: z.array(z.string()),
  accept_multiple: z.boolean().optional(),
  data: z.string().optional(),
});

/** What a platform asks a teacher to choose. Deep Linking 2.0 §4.4. */
export interface ContentRequest {
  returnUrl: string;
  acceptMultiple: boolean;
  data: string | undefined;
  deploymentId: string;
}

/** The request of a verified launch; undefined where it opens a link. */
export function findContentRequest(claims: VerifiedClaims): ContentRequest | undefined {
  if (claims[`${lti}message_type`] !== 'LtiDeepLinkingRequest') return undefined;
  const given = settings.parse(claims[`${deepLinking}deep_linking_settings`]);
  return {
    returnUrl: given.deep_link_return_url,
    acceptMultiple: given.accept_multiple ?? true,
    data: given.data,
    deploymentId: String(claims[`${lti}deployment_id`]),
  };
}

/** The tool's answer. Deep Linking 2.0 §4.5, Security Framework 1.0 §5.2.2. */
export function answerClaims(
  request: ContentRequest,
  chosen: readonly Offer[],
  tool: { clientId: string; issuer: string; baseUrl: string; now: number },
): JWTPayload {
  const now = Math.floor(tool.now / 1000);
  return defined({
    iss: tool.clientId,
    aud: tool.issuer,
    iat: now,
    exp: now + 60,
    nonce: randomUUID(),
    [`${lti}message_type`]: 'LtiDeepLinkingResponse',
    [`${lti}version`]: '1.3.0',
    [`${lti}deployment_id`]: request.deploymentId,
    [`${deepLinking}data`]: request.data,
    [`${deepLinking}content_items`]: chosen.map((offer) => toItem(offer, tool.baseUrl)),
    [`${deepLinking}msg`]: chosen.length === 0 ? undefined : 'They can be changed in the tool at any time.',
  });
}

function toItem({ id, title, about, points }: Offer, baseUrl: string): Record<string, unknown> {
  return defined({
    type: 'ltiResourceLink',
    title,
    text: about,
    url: `${baseUrl}/activities/${id}`,
    custom: { activity: id },
    lineItem: points === undefined ? undefined : { label: title, scoreMaximum: points, resourceId: id },
  });
}
