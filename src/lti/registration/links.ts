import { withQuery } from '../address.ts';
import { hubAddresses, type LmsPlace } from '../addresses.ts';
import { platformAddresses } from '../platform-addresses.ts';

/** The address an administrator enters in the LMS. */
export function setupLink(place: LmsPlace, token: string): string {
  return hubAddresses(place).registerUrl(token);
}

/** A tool's own registration address with what a platform adds to it (LTI Dynamic Registration 1.0 §3.3). */
export function toolRegistrationLink(baseUrl: string, registrationUrl: string, token: string): string {
  const { openidConfiguration } = platformAddresses(baseUrl);
  return withQuery(registrationUrl, { openid_configuration: openidConfiguration, registration_token: token });
}
