import { type ConnectionId, newId } from '../../contracts/ids.ts';
import { refusingTaken } from '../platform/db/conflicts.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { parseInput } from '../platform/input.ts';
import type { AddressRules } from '../platform/partner-values.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { insertConnection } from './connection-store.ts';
import { recordConnectionChange } from './connections.ts';
import { requireVerified } from './domains.ts';
import { families } from './families.ts';
import {
  changeRegistration,
  connectionName,
  type LtiRegistration,
  type NewRegistration,
  planRegistration,
  type RegistrationChanges,
} from './registration.ts';
import {
  findRegistration,
  findRegistrationForUpdate,
  insertRegistration,
  saveRegistration,
} from './registration-store.ts';

export { type Connection, findConnection, listConnections } from './connection-store.ts';
export { findRegistration, listRegistrations } from './registration-store.ts';

/**
 * Connects a tenant to its LMS. What the product family fixes need not be given.
 *
 * @throws DomainError input `registration_invalid`, input `domain_unverified`, conflict `registration_exists`
 */
export async function connectLms(
  tx: TenantTx,
  input: NewRegistration & { name?: string },
  rules: AddressRules,
  by: ChangeBy,
): Promise<LtiRegistration> {
  const { name: givenName, ...given } = input;
  const fields = planRegistration(given, rules);
  const name = parseInput(connectionName, givenName ?? families[fields.family].title, 'registration_invalid');
  await requireVerified(tx, fields.settings.domain);
  const connectionId = newId<ConnectionId>(by.now);
  const registration: LtiRegistration = { connectionId, ...fields, version: 1 };
  await insertConnection(tx, { connectionId, kind: 'lms', partner: fields.family, name }, by.now);
  await refusingTakenClient(registration, () => insertRegistration(tx, registration, by.now));
  await recordConnectionChange(tx, 'lms.connected', connectionId, { after: { name, ...fields } }, by);
  return registration;
}

/**
 * Changes the fields given and keeps the others; settings are merged one by one.
 *
 * @throws DomainError not_found `registration_unknown`, input `registration_invalid`, input `domain_unverified`,
 *   conflict `registration_exists`
 */
export async function updateRegistration(
  tx: TenantTx,
  connectionId: ConnectionId,
  changes: RegistrationChanges,
  rules: AddressRules,
  by: ChangeBy,
): Promise<LtiRegistration> {
  const current = await findRegistrationForUpdate(tx, connectionId);
  if (current === undefined) throw unknownRegistration(connectionId);
  const { connectionId: _id, version, ...before } = current;
  const after = changeRegistration(before, changes, rules);
  await requireVerified(tx, after.settings.domain);
  const registration: LtiRegistration = { connectionId, ...after, version: version + 1 };
  await refusingTakenClient(registration, () => saveRegistration(tx, registration, by.now));
  await recordConnectionChange(tx, 'lms.updated', connectionId, { before, after }, by);
  return registration;
}

/** A tenant's registration. @throws DomainError not_found `registration_unknown` */
export async function getRegistration(tx: TenantTx, connectionId: ConnectionId): Promise<LtiRegistration> {
  const registration = await findRegistration(tx, connectionId);
  if (registration === undefined) throw unknownRegistration(connectionId);
  return registration;
}

function unknownRegistration(connectionId: ConnectionId): DomainError {
  return new DomainError(
    'not_found',
    'registration_unknown',
    `This tenant has no LMS connection ${connectionId}. List its connections to see their ids.`,
  );
}

function refusingTakenClient(registration: LtiRegistration, write: () => Promise<void>): Promise<void> {
  return refusingTaken('lti_registration_tenant_id_issuer_client_id_key', write, (cause) =>
    takenClient(registration, cause),
  );
}

function takenClient({ issuer, clientId }: LtiRegistration, cause: unknown): DomainError {
  return new DomainError(
    'conflict',
    'registration_exists',
    `This tenant is connected to ${issuer} with client ID ${clientId} already. ` +
      'Update that connection, or add a deployment to it.',
    { cause },
  );
}
