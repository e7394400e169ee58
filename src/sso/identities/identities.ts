import { type ConnectionId, newId, type TenantId } from '../../../contracts/ids.ts';
import { addConnection, nameConnection, recordConnectionChange } from '../../connections/connections.ts';
import {
  mergeSettings,
  openSettings,
  partSettings,
  type Settings,
  sealSettings,
} from '../../connections/sealed-settings.ts';
import type { TenantTx } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseInput } from '../../platform/input.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { Guarded, SsoServices } from '../services.ts';
import { endSessions } from '../sessions/session-store.ts';
import {
  type Identity,
  type IdentityChanges,
  type IdentityStatus,
  identityChanges,
  type NewIdentity,
  newIdentity,
} from './identity.ts';
import {
  insertIdentity,
  lockIdentity,
  type StoredIdentity,
  selectIdentities,
  selectIdentity,
  updateIdentityRow,
} from './identity-store.ts';
import { overSuggested } from './suggested.ts';

type Deps = Pick<SsoServices, 'db' | 'secrets' | 'protocols'>;

const place = (connectionId: ConnectionId) => ({ table: 'identity_source' as const, row: connectionId });

/**
 * Connects a tenant to where its people sign in. What is not given is as the preset suggests. Nobody is asked yet.
 *
 * @throws DomainError input `identity_invalid`, `identity_settings_invalid`, `preset_unknown`
 */
export async function connectIdentity(
  deps: Deps,
  tenantId: TenantId,
  input: NewIdentity,
  by: ChangeBy,
): Promise<Identity> {
  const { settings: given, ...fields } = parseInput(newIdentity, input, 'identity_invalid');
  const { settings: schema, presets, suggested } = deps.protocols[fields.protocol];
  if (!presets.includes(fields.preset)) throw unknownPreset(fields.preset, presets);
  const whole = overSuggested(suggested?.[fields.preset] ?? {}, given);
  const settings = partSettings(schema, whole, 'identity_settings_invalid');
  const connectionId = newId<ConnectionId>(by.now);
  return deps.db.withTenant(tenantId, async (tx) => {
    const identity: StoredIdentity = {
      ...fields,
      connectionId,
      settings: settings.open,
      secrets: Object.keys(settings.secret).sort(),
      sealedSecrets: await sealSettings(deps.secrets, tx, place(connectionId), settings.secret),
      status: 'active',
      version: 1,
    };
    const partner = fields.preset === 'generic' ? fields.protocol : fields.preset;
    await addConnection(tx, { connectionId, kind: 'identity', partner, name: fields.name }, by.now);
    await insertIdentity(tx, identity, by.now);
    await recordConnectionChange(tx, 'identity.connected', connectionId, { after: describe(identity) }, by);
    return shown(identity);
  });
}

/**
 * Changes the fields given and keeps the others; settings are merged one by one, and a setting of null is taken out.
 * Sign-ins under way must begin again.
 *
 * @throws DomainError not_found `identity_unknown`, input `identity_invalid`, `identity_settings_invalid`
 */
export async function updateIdentity(
  deps: Deps & Guarded,
  tenantId: TenantId,
  connectionId: ConnectionId,
  input: IdentityChanges,
  by: ChangeBy,
): Promise<Identity> {
  const { settings: given, ...changes } = parseInput(identityChanges, input, 'identity_invalid');
  return deps.db.withTenant(tenantId, async (tx) => {
    const before = (await lockIdentity(tx, connectionId)) ?? unknownIdentity(connectionId);
    await deps.guard?.(tx, connectionId);
    const after: StoredIdentity = { ...before, ...defined(changes), version: before.version + 1 };
    if (given !== undefined) {
      const merged = mergeSettings(await openSettings(deps.secrets, tx, place(connectionId), before), given);
      const schema = deps.protocols[before.protocol].settings;
      const settings = partSettings(schema, merged, 'identity_settings_invalid');
      after.settings = settings.open;
      after.secrets = Object.keys(settings.secret).sort();
      after.sealedSecrets = await sealSettings(deps.secrets, tx, place(connectionId), settings.secret);
    }
    await updateIdentityRow(tx, after, by.now);
    await nameConnection(tx, connectionId, after.name);
    const entered = after.secrets.filter((name) => given !== undefined && name in given);
    const values = { before: describe(before), after: { ...describe(after), entered } };
    await recordConnectionChange(tx, 'identity.updated', connectionId, values, by);
    return shown(after);
  });
}

/**
 * Lets people sign in here, or not for now, or not any more: then whoever is signed in by it is so no more.
 *
 * @throws DomainError not_found `identity_unknown`
 */
export async function setIdentityStatus(
  deps: Pick<Deps, 'db'> & Guarded,
  tenantId: TenantId,
  connectionId: ConnectionId,
  status: IdentityStatus,
  by: ChangeBy,
): Promise<Identity> {
  return deps.db.withTenant(tenantId, async (tx) => {
    const before = (await lockIdentity(tx, connectionId)) ?? unknownIdentity(connectionId);
    await deps.guard?.(tx, connectionId);
    const after: StoredIdentity = { ...before, status, version: before.version + 1 };
    await updateIdentityRow(tx, after, by.now);
    // Also of sign-ins that were under way when it was disabled: they must not come alive with it.
    if ([status, before.status].includes('disabled'))
      await endSessions(tx, { connectionId }, 'operator', new Date(by.now));
    const values = { before: { status: before.status }, after: { status } };
    await recordConnectionChange(tx, 'identity.status_set', connectionId, values, by);
    return shown(after);
  });
}

/** A tenant's identity connections, the oldest first; secret settings are left out. */
export async function listIdentities(tx: TenantTx): Promise<Identity[]> {
  return (await selectIdentities(tx)).map(shown);
}

/** Those that people may sign in by now, the oldest first; secret settings are left out. */
export async function listOpenIdentities(tx: TenantTx): Promise<Identity[]> {
  return (await listIdentities(tx)).filter(({ status }) => status === 'active');
}

/** Secret settings are left out. @throws DomainError not_found `identity_unknown` */
export async function getIdentity(tx: TenantTx, connectionId: ConnectionId): Promise<Identity> {
  return shown((await selectIdentity(tx, connectionId)) ?? unknownIdentity(connectionId));
}

/** The same; nobody else changes it until the transaction ends. @throws as `getIdentity` */
export async function holdIdentity(tx: TenantTx, connectionId: ConnectionId): Promise<Identity> {
  return shown((await lockIdentity(tx, connectionId)) ?? unknownIdentity(connectionId));
}

/**
 * One with its settings whole, for its protocol alone.
 *
 * @throws DomainError not_found `identity_unknown`, `secret_unreadable`
 */
export async function openIdentity(
  deps: Pick<Deps, 'secrets'>,
  tx: TenantTx,
  connectionId: ConnectionId,
): Promise<Identity> {
  const identity = (await selectIdentity(tx, connectionId)) ?? unknownIdentity(connectionId);
  const settings: Settings = await openSettings(deps.secrets, tx, place(connectionId), identity);
  return { ...shown(identity), settings };
}

function unknownIdentity(connectionId: ConnectionId): never {
  throw new DomainError(
    'not_found',
    'identity_unknown',
    `This tenant has no identity connection ${connectionId}. List its identity connections to see their ids.`,
  );
}

function unknownPreset(preset: string, known: readonly string[]): DomainError {
  const message = `There is no preset "${preset}" for it. There are: ${known.join(', ')}.`;
  return new DomainError('input', 'preset_unknown', message);
}

function shown({ sealedSecrets: _sealed, ...identity }: StoredIdentity): Identity {
  return identity;
}

/** What the audit trail keeps of it. */
function describe(identity: StoredIdentity): object {
  const { version: _version, connectionId: _id, ...rest } = shown(identity);
  return rest;
}
