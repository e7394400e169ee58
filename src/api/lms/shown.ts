import type { z } from 'zod';
import type { listHubLms, listLms, showLms } from '../../../contracts/http/lms.ts';
import type { HubRegistration, LtiRegistration } from '../../connections/registration.ts';
import { hubAddresses } from '../../lti/addresses.ts';

type Reply<Contract extends { reply: { schema: z.ZodType } }> = z.input<Contract['reply']['schema']>;

/** A tenant's own registration. */
export function showRegistration(
  registration: LtiRegistration,
): Reply<typeof listLms>['registrations'][number] {
  return { ...registration, jwks: showKeys(registration) };
}

/** A hub-wide registration, under its own id's name. */
export function showHubRegistration({
  connectionId,
  ...rest
}: HubRegistration): Reply<typeof listHubLms>['registrations'][number] {
  return { registrationId: connectionId, ...rest, jwks: showKeys(rest) };
}

function showKeys({ jwks }: Pick<LtiRegistration, 'jwks'>) {
  return jwks && { keys: jwks.keys.map((key) => ({ ...key })) };
}

/** What an administrator enters at the LMS. @param tenantSlug undefined for a hub-wide registration */
export function addressesForLms(
  baseUrl: string,
  tenantSlug: string | undefined,
  toolSlugs: readonly string[],
): Reply<typeof showLms>['forLms'] {
  const { loginUrl, launchUrl, jwksUrl, openUrl } = hubAddresses(baseUrl, tenantSlug);
  return { loginUrl, redirectUri: launchUrl, jwksUrl, targetLinkUris: toolSlugs.map(openUrl) };
}
