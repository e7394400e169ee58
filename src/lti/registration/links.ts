import { withQuery } from '../address.ts';
import { platformAddresses } from '../platform-addresses.ts';

/** The address an administrator enters in the LMS. @param tenantSlug undefined for one registration of all schools */
export function setupLink(baseUrl: string, tenantSlug: string | undefined, token: string): string {
  const root = tenantSlug === undefined ? baseUrl : `${baseUrl}/t/${tenantSlug}`;
  return `${root}/lti/register/${token}`;
}

/** A tool's own registration address with what a platform adds to it (LTI Dynamic Registration 1.0 §3.1). */
export function toolRegistrationLink(baseUrl: string, registrationUrl: string, token: string): string {
  const { openidConfiguration } = platformAddresses(baseUrl);
  return withQuery(registrationUrl, { openid_configuration: openidConfiguration, registration_token: token });
}
