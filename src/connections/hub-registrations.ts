import { newId, type RegistrationId } from '../../contracts/ids.ts';
import { refusingTaken } from '../platform/db/conflicts.ts';
import type { HubTx, TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { AddressRules } from '../platform/partner-values.ts';
import { type ChangeBy, recordChange } from '../tenants/changes.ts';
import {
  changeRegistration,
  type HubRegistration,
  type NewRegistration,
  planRegistration,
  type RegistrationChanges,
  type RegistrationFields,
} from './registration.ts';
import {
  findHubRegistration,
  findHubRegistrationForUpdate,
  insertHubRegistration,
  saveHubRegistration,
} from './registration-store.ts';

export { findHubRegistration, listHubRegistrations } from './registration-store.ts';

/**
 * Registers the hub once with a vendor for all its schools.
 *
 * @throws DomainError input `registration_invalid`, conflict `registration_exists`
 */
export async function connectLmsHubWide(
  tx: HubTx,
  input: NewRegistration,
  rules: AddressRules,
  by: ChangeBy,
): Promise<HubRegistration> {
  const fields = planRegistration(input, rules);
  refuseDomain(fields);
  const connectionId = newId<RegistrationId>(by.now);
  const registration: HubRegistration = { connectionId, ...fields, version: 1 };
  await refusingTakenClient(registration, () => insertHubRegistration(tx, registration, by.now));
  await record(tx, 'hub_registration.created', connectionId, { after: fields }, by);
  return registration;
}

/**
 * Changes the fields given and keeps the others; settings are merged one by one.
 *
 * @throws DomainError not_found `registration_unknown`, input `registration_invalid`, conflict `registration_exists`
 */
export async function updateHubRegistration(
  tx: HubTx,
  registrationId: RegistrationId,
  changes: RegistrationChanges,
  rules: AddressRules,
  by: ChangeBy,
): Promise<HubRegistration> {
  const current = await findHubRegistrationForUpdate(tx, registrationId);
  if (current === undefined) throw unknownRegistration(registrationId);
  const { connectionId, version, ...before } = current;
  const after = changeRegistration(before, changes, rules);
  refuseDomain(after);
  const registration: HubRegistration = { connectionId, ...after, version: version + 1 };
  await refusingTakenClient(registration, () => saveHubRegistration(tx, registration, by.now));
  await record(tx, 'hub_registration.updated', connectionId, { before, after }, by);
  return registration;
}

/** A hub-wide registration. @throws DomainError not_found `registration_unknown` */
export async function getHubRegistration(
  tx: HubTx | TenantTx,
  registrationId: RegistrationId,
): Promise<HubRegistration> {
  const registration = await findHubRegistration(tx, registrationId);
  if (registration === undefined) throw unknownRegistration(registrationId);
  return registration;
}

/** A domain is one school's, and whose a hub-wide launch is shows its token only. */
function refuseDomain({ settings }: RegistrationFields): void {
  if (settings.domain === null) return;
  const message = 'A registration for all schools has the hub’s own address. Leave the domain out.';
  throw new DomainError('input', 'registration_invalid', message);
}

function unknownRegistration(registrationId: RegistrationId): DomainError {
  return new DomainError(
    'not_found',
    'registration_unknown',
    `There is no hub-wide registration ${registrationId}. List them to see their ids.`,
  );
}

function refusingTakenClient(registration: HubRegistration, write: () => Promise<void>): Promise<void> {
  return refusingTaken('hub_registration_issuer_client_id_key', write, (cause) =>
    takenClient(registration, cause),
  );
}

function takenClient({ issuer, clientId }: HubRegistration, cause: unknown): DomainError {
  return new DomainError(
    'conflict',
    'registration_exists',
    `The hub is registered with ${issuer} as client ID ${clientId} already. Update that registration.`,
    { cause },
  );
}

function record(
  tx: HubTx,
  action: string,
  registrationId: RegistrationId,
  values: { before?: unknown; after?: unknown },
  by: ChangeBy,
): Promise<void> {
  return recordChange(
    tx,
    {
      announce: `hub_registration:${registrationId}`,
      action,
      subject: `hub_registration:${registrationId}`,
      ...values,
    },
    by,
  );
}
