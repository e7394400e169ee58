import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { ConnectionId, RegistrationId } from '../../contracts/ids.ts';
import type { HubTx, TenantTx } from '../platform/db.ts';
import { json, type Sql, sql } from '../platform/sql/sql.ts';
import { familyNames } from './families.ts';
import {
  authorizeMethods,
  type HubRegistration,
  type LtiRegistration,
  type RegistrationFields,
  registrationStates,
} from './registration.ts';
import { registrationSettings } from './settings.ts';

/** The columns both tables share. */
const columns = sql`issuer, client_id, authorize_url, authorize_method, token_url, token_audience, jwks_url, jwks,
  family, settings, status, version`;

const registrationRow = z
  .object({
    id: z.uuid(),
    issuer: z.string(),
    client_id: z.string(),
    authorize_url: z.string(),
    authorize_method: z.enum(authorizeMethods),
    token_url: z.string().nullable(),
    token_audience: z.string().nullable(),
    jwks_url: z.string().nullable(),
    jwks: z.custom<JSONWebKeySet>((value) => typeof value === 'object').nullable(),
    family: z.enum(familyNames),
    settings: registrationSettings,
    status: z.enum(registrationStates),
    version: z.number(),
  })
  .transform((row) => ({
    id: row.id,
    version: row.version,
    fields: {
      issuer: row.issuer,
      clientId: row.client_id,
      authorizeUrl: row.authorize_url,
      authorizeMethod: row.authorize_method,
      tokenUrl: row.token_url,
      tokenAudience: row.token_audience,
      jwksUrl: row.jwks_url,
      jwks: row.jwks,
      family: row.family,
      settings: row.settings,
      status: row.status,
    } satisfies RegistrationFields,
  }));

const tenantRow = registrationRow.transform(
  ({ id, fields, version }): LtiRegistration => ({ connectionId: id as ConnectionId, ...fields, version }),
);
const hubRow = registrationRow.transform(
  ({ id, fields, version }): HubRegistration => ({ connectionId: id as RegistrationId, ...fields, version }),
);

const ofTenant = sql`select connection_id as id, ${columns} from lti_registration`;
const ofHub = sql`select registration_id as id, ${columns} from hub_registration`;

/** A tenant's registration, whatever its status. */
export function findRegistration(
  tx: TenantTx,
  connectionId: ConnectionId,
): Promise<LtiRegistration | undefined> {
  return tx.maybeOne(sql`${ofTenant} where connection_id = ${connectionId}`, tenantRow);
}

/** A tenant's registration, its row locked until the end of the transaction. */
export function findRegistrationForUpdate(
  tx: TenantTx,
  connectionId: ConnectionId,
): Promise<LtiRegistration | undefined> {
  return tx.maybeOne(sql`${ofTenant} where connection_id = ${connectionId} for update`, tenantRow);
}

/** A tenant's registrations, oldest first. */
export function listRegistrations(tx: TenantTx): Promise<LtiRegistration[]> {
  return tx.many(sql`${ofTenant} order by connection_id`, tenantRow);
}

/** A hub-wide registration, whatever its status. */
export function findHubRegistration(
  tx: HubTx | TenantTx,
  registrationId: RegistrationId,
): Promise<HubRegistration | undefined> {
  return tx.maybeOne(sql`${ofHub} where registration_id = ${registrationId}`, hubRow);
}

/** A hub-wide registration, its row locked until the end of the transaction. */
export function findHubRegistrationForUpdate(
  tx: HubTx,
  registrationId: RegistrationId,
): Promise<HubRegistration | undefined> {
  return tx.maybeOne(sql`${ofHub} where registration_id = ${registrationId} for update`, hubRow);
}

/** The hub-wide registrations, oldest first. */
export function listHubRegistrations(tx: HubTx | TenantTx): Promise<HubRegistration[]> {
  return tx.many(sql`${ofHub} order by registration_id`, hubRow);
}

/** @throws the database's unique violation `lti_registration_tenant_id_issuer_client_id_key` */
export async function insertRegistration(
  tx: TenantTx,
  registration: LtiRegistration,
  now: number,
): Promise<void> {
  await tx.exec(sql`
    insert into lti_registration (tenant_id, connection_id, ${columns}, created_at, changed_at)
    values (${tx.tenantId}, ${registration.connectionId}, ${values(registration)}, ${new Date(now)}, ${new Date(now)})`);
}

/** @throws the database's unique violation `hub_registration_issuer_client_id_key` */
export async function insertHubRegistration(
  tx: HubTx,
  registration: HubRegistration,
  now: number,
): Promise<void> {
  await tx.exec(sql`
    insert into hub_registration (registration_id, ${columns}, created_at, changed_at)
    values (${registration.connectionId}, ${values(registration)}, ${new Date(now)}, ${new Date(now)})`);
}

/** Writes every field, and the version given. @throws as `insertRegistration` */
export async function saveRegistration(
  tx: TenantTx,
  registration: LtiRegistration,
  now: number,
): Promise<void> {
  await tx.exec(sql`
    update lti_registration set (${columns}, changed_at) = (${values(registration)}, ${new Date(now)})
    where connection_id = ${registration.connectionId}`);
}

/** Writes every field, and the version given. @throws as `insertHubRegistration` */
export async function saveHubRegistration(
  tx: HubTx,
  registration: HubRegistration,
  now: number,
): Promise<void> {
  await tx.exec(sql`
    update hub_registration set (${columns}, changed_at) = (${values(registration)}, ${new Date(now)})
    where registration_id = ${registration.connectionId}`);
}

/** The values of `columns`, in their order. */
function values(fields: RegistrationFields & { version: number }): Sql {
  return sql`${fields.issuer}, ${fields.clientId}, ${fields.authorizeUrl}, ${fields.authorizeMethod},
    ${fields.tokenUrl}, ${fields.tokenAudience}, ${fields.jwksUrl}, ${fields.jwks && json(fields.jwks)},
    ${fields.family}, ${json(fields.settings)}, ${fields.status}, ${fields.version}`;
}
