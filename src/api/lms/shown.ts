import type { z } from 'zod';
import type { listHubLms, listLms } from '../../../contracts/http/lms.ts';
import type { HubRegistration, LtiRegistration } from '../../connections/registration.ts';

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
