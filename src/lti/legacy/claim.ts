import { defined } from '../../platform/defined.ts';
import type { Fields } from '../../privacy/fields.ts';
import { type SignedFacts, signConsumerKey } from './sign.ts';

/**
 * The hub's own migration claim (LTI 1.3 migration guide §2.3): what person and link were called in LTI 1.1, as far as the
 * policy lets the tool know, and the key that the tool knew the school by, signed.
 *
 * @returns undefined where there is nothing to say
 */
export function legacyClaim(
  fields: Fields,
  key: { consumerKey: string; secret: string } | undefined,
  token: Omit<SignedFacts, 'consumerKey'>,
): Record<string, unknown> | undefined {
  const said = defined({
    user_id: fields['lti1p1.user_id'],
    resource_link_id: fields['lti1p1.resource_link_id'],
    ...(key && {
      oauth_consumer_key: key.consumerKey,
      oauth_consumer_key_sign: signConsumerKey(key.secret, { ...token, consumerKey: key.consumerKey }),
    }),
  });
  return Object.keys(said).length > 0 ? said : undefined;
}
