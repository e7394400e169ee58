import type { ConnectionId, RegistrationId } from '../../../contracts/ids.ts';
import { addDeployment } from '../../connections/deployments.ts';
import { families } from '../../connections/families.ts';
import { connectLmsHubWide } from '../../connections/hub-registrations.ts';
import type { NewRegistration } from '../../connections/registration.ts';
import { connectLms } from '../../connections/registrations.ts';
import { defined } from '../../platform/defined.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { RegistrationAnswer } from './answer.ts';
import { AttemptLost, type OpenAttempt, succeedAttempt, within } from './attempts.ts';
import type { PlatformConfiguration } from './configuration.ts';
import { attributeTo } from './invitations.ts';
import type { Failure, Negotiated, RegistrationServices } from './negotiate.ts';
import { profileOf } from './profiles.ts';

interface Keeping extends Negotiated {
  tenant: Tenant | undefined;
  attempt: OpenAttempt<'lms'>;
  reference: string;
}

/** Stores the registration, its deployment and the use of the invitation: all of it or nothing. */
export async function keepRegistration(
  { db, clock, allowLoopback }: RegistrationServices,
  { tenant, attempt, configuration, answer, reference, host }: Keeping,
): Promise<{ madeId: ConnectionId | RegistrationId } | Failure> {
  const { invitation } = attempt;
  const now = clock.now();
  const by = attributeTo(invitation.invitationId, now);
  const rules = { allowLoopback };
  const { domain } = invitation.terms;
  const registration = { ...registrationOf(configuration, answer), settings: { domain } };
  try {
    return await within(db, tenant, async (tx) => {
      let madeId: ConnectionId | RegistrationId;
      if (tx.scope === 'hub') {
        madeId = (await connectLmsHubWide(tx, registration, rules, by)).connectionId;
      } else {
        const name = invitation.terms.name ?? families[configuration.family].title;
        const { connectionId } = await connectLms(tx, { ...registration, name }, rules, by);
        const { deploymentId } = answer;
        if (deploymentId !== undefined) await addDeployment(tx, { connectionId, deploymentId }, by);
        madeId = connectionId;
      }
      await succeedAttempt(tx, attempt, { madeId, reference, host }, now);
      return { madeId };
    });
  } catch (error) {
    if (error instanceof AttemptLost) return { reason: 'registration_link_busy', host };
    if (error instanceof DomainError && error.code === 'registration_exists') {
      return { reason: 'registration_exists', host };
    }
    throw error;
  }
}

function registrationOf(
  { family, ...told }: PlatformConfiguration,
  { clientId }: RegistrationAnswer,
): NewRegistration {
  const { issuer, authorizeUrl, tokenUrl, jwksUrl, audience } = told;
  if (profileOf(family).knownAddressesOnly) return { family, clientId, issuer };
  return {
    family,
    clientId,
    ...defined({ issuer, authorizeUrl, tokenUrl, jwksUrl, tokenAudience: audience }),
  };
}
