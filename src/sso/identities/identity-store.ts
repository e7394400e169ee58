import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { identityStatuses, protocols } from '../../../contracts/sso.ts';
import type { TenantTx } from '../../platform/db.ts';
import { json, type Sql, sql } from '../../platform/sql/sql.ts';
import { roleRules } from '../roles.ts';
import type { Identity } from './identity.ts';

/** An identity connection with what never leaves this feature. */
export interface StoredIdentity extends Identity {
  sealedSecrets: Buffer | null;
}

const identityRow = z
  .object({
    connection_id: z.uuid(),
    name: z.string(),
    protocol: z.enum(protocols),
    preset: z.string(),
    settings: z.record(z.string(), z.unknown()),
    secret_names: z.array(z.string()),
    sealed_secrets: z.instanceof(Buffer).nullable(),
    allows_new: z.boolean(),
    match_attribute: z.string().nullable(),
    role_rules: roleRules,
    domains: z.array(z.string()),
    sessions_per_person: z.number(),
    status: z.enum(identityStatuses),
    version: z.number(),
  })
  .transform(
    (row): StoredIdentity => ({
      connectionId: row.connection_id as ConnectionId,
      name: row.name,
      protocol: row.protocol,
      preset: row.preset,
      settings: row.settings,
      secrets: row.secret_names,
      sealedSecrets: row.sealed_secrets,
      allowsNew: row.allows_new,
      matchAttribute: row.match_attribute,
      roleRules: row.role_rules,
      domains: row.domains,
      sessionsPerPerson: row.sessions_per_person,
      status: row.status,
      version: row.version,
    }),
  );

const select = (tx: TenantTx, more: Sql): Sql => sql`
  select s.connection_id, c.name, s.protocol, s.preset, s.settings, s.secret_names, s.sealed_secrets, s.allows_new,
    s.match_attribute, s.role_rules, s.domains, s.sessions_per_person, s.status, s.version
  from identity_source s join connection c using (tenant_id, connection_id) where s.tenant_id = ${tx.tenantId} ${more}`;

/** A tenant's identity connections, the oldest first. */
export function selectIdentities(tx: TenantTx): Promise<StoredIdentity[]> {
  return tx.many(select(tx, sql`order by s.connection_id`), identityRow);
}

export function selectIdentity(
  tx: TenantTx,
  connectionId: ConnectionId,
): Promise<StoredIdentity | undefined> {
  return tx.maybeOne(select(tx, sql`and s.connection_id = ${connectionId}`), identityRow);
}

/** Nobody else changes it until the transaction ends. */
export function lockIdentity(tx: TenantTx, connectionId: ConnectionId): Promise<StoredIdentity | undefined> {
  return tx.maybeOne(
    select(tx, sql`and s.connection_id = ${connectionId} for no key update of s`),
    identityRow,
  );
}

/** Writes a new one; its connection is there already. */
export async function insertIdentity(tx: TenantTx, identity: StoredIdentity, now: number): Promise<void> {
  await tx.exec(sql`
    insert into identity_source (tenant_id, connection_id, protocol, preset, settings, secret_names, sealed_secrets,
      allows_new, match_attribute, role_rules, domains, sessions_per_person, status, version, created_at, changed_at)
    values (${tx.tenantId}, ${identity.connectionId}, ${identity.protocol}, ${identity.preset}, ${json(identity.settings)},
      ${identity.secrets}, ${identity.sealedSecrets}, ${identity.allowsNew}, ${identity.matchAttribute},
      ${json(identity.roleRules)}, ${identity.domains}, ${identity.sessionsPerPerson}, ${identity.status}, ${identity.version}, ${new Date(now)},
      ${new Date(now)})`);
}

/** Writes it over the one that is there, except its name, which is the connection's. */
export async function updateIdentityRow(tx: TenantTx, identity: StoredIdentity, now: number): Promise<void> {
  await tx.exec(sql`
    update identity_source set settings = ${json(identity.settings)}, secret_names = ${identity.secrets},
      sealed_secrets = ${identity.sealedSecrets}, allows_new = ${identity.allowsNew},
      match_attribute = ${identity.matchAttribute}, role_rules = ${json(identity.roleRules)},
      domains = ${identity.domains}, sessions_per_person = ${identity.sessionsPerPerson}, status = ${identity.status}, version = ${identity.version},
      changed_at = ${new Date(now)}
    where tenant_id = ${tx.tenantId} and connection_id = ${identity.connectionId}`);
}
