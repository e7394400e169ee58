import { type ConnectionId, newId, type TenantId } from '../../../contracts/ids.ts';
import type { SourceStatus } from '../../../contracts/sync.ts';
import { addConnection, nameConnection, recordConnectionChange } from '../../connections/connections.ts';
import type { TenantTx } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseInput } from '../../platform/input.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { planNextRun } from '../schedule/schedule.ts';
import type { SyncServices } from '../services.ts';
import { type NewRoster, newRoster, type RosterChanges, type RosterSource, rosterChanges } from './source.ts';
import { getConnector, mergeSettings, openSettings, planSettings, sealSettings } from './source-settings.ts';
import {
  findSource,
  insertSource,
  listSources,
  lockSource,
  type StoredSource,
  saveSource,
} from './source-store.ts';

type Deps = Pick<SyncServices, 'db' | 'secrets' | 'connectors'>;

/**
 * Connects a tenant to the source of its roster. Nothing is read yet.
 *
 * @throws DomainError input `roster_invalid`, `roster_settings_invalid`, `connector_unknown`
 */
export async function connectRoster(
  deps: Deps,
  tenantId: TenantId,
  input: NewRoster,
  by: ChangeBy,
): Promise<RosterSource> {
  const { settings: given, ...fields } = parseInput(newRoster, input, 'roster_invalid');
  const connector = getConnector(deps, fields.connector);
  const knowsVendor = 'vendor' in connector.settings.shape && fields.vendor !== null;
  const settings = planSettings(connector, knowsVendor ? { vendor: fields.vendor, ...given } : given);
  const vendor = fields.vendor ?? vendorOf(settings.open);
  const connectionId = newId<ConnectionId>(by.now);
  return deps.db.withTenant(tenantId, async (tx) => {
    const source: StoredSource = {
      ...fields,
      connectionId,
      vendor,
      settings: settings.open,
      secrets: Object.keys(settings.secret).sort(),
      sealedSecrets: await sealSettings(deps, tx, connectionId, settings.secret),
      base: 0,
      status: 'active',
      nextRunAt: nextRunOf({ ...fields, status: 'active' }, by.now),
      version: 1,
    };
    const partner = vendor ?? connector.id;
    await addConnection(tx, { connectionId, kind: 'roster', partner, name: fields.name }, by.now);
    await insertSource(tx, source, by.now);
    await recordConnectionChange(tx, 'roster.connected', connectionId, { after: describe(source) }, by);
    return shown(source);
  });
}

/**
 * Changes the fields given and keeps the others; settings are merged one by one, and a setting of null is taken out. A run
 * that is under way goes on as it began.
 *
 * @throws DomainError not_found `roster_unknown`, input `roster_invalid`, `roster_settings_invalid`
 */
export async function updateRoster(
  deps: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  input: RosterChanges,
  by: ChangeBy,
): Promise<RosterSource> {
  const { settings: given, ...changes } = parseInput(rosterChanges, input, 'roster_invalid');
  return deps.db.withTenant(tenantId, async (tx) => {
    const before = (await lockSource(tx, connectionId)) ?? unknownRoster(connectionId);
    const after: StoredSource = { ...before, ...defined(changes), version: before.version + 1 };
    if (given !== undefined) {
      const merged = mergeSettings(await openSettings(deps, tx, before), given);
      const settings = planSettings(getConnector(deps, before.connector), merged);
      after.settings = settings.open;
      after.secrets = Object.keys(settings.secret).sort();
      after.sealedSecrets = await sealSettings(deps, tx, connectionId, settings.secret);
    }
    if (changes.schedule !== undefined) after.nextRunAt = nextRunOf(after, by.now);
    await saveSource(tx, after, by.now);
    await nameConnection(tx, connectionId, after.name);
    const values = {
      before: describe(before),
      after: { ...describe(after), entered: enteredSecrets(given, after) },
    };
    await recordConnectionChange(tx, 'roster.updated', connectionId, values, by);
    return shown(after);
  });
}

/** Nothing runs by itself any more; what is asked for does. @throws DomainError not_found `roster_unknown` */
export function pauseRoster(deps: Deps, tenantId: TenantId, connectionId: ConnectionId, by: ChangeBy) {
  return setStatus(deps, tenantId, connectionId, 'paused', by);
}

/** Runs by its schedule again. @throws DomainError not_found `roster_unknown` */
export function resumeRoster(deps: Deps, tenantId: TenantId, connectionId: ConnectionId, by: ChangeBy) {
  return setStatus(deps, tenantId, connectionId, 'active', by);
}

/** Nothing runs any more; what it has brought stays. @throws DomainError not_found `roster_unknown` */
export function disableRoster(deps: Deps, tenantId: TenantId, connectionId: ConnectionId, by: ChangeBy) {
  return setStatus(deps, tenantId, connectionId, 'disabled', by);
}

async function setStatus(
  deps: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  status: SourceStatus,
  by: ChangeBy,
): Promise<RosterSource> {
  const actions = { active: 'roster.resumed', paused: 'roster.paused', disabled: 'roster.disabled' };
  return deps.db.withTenant(tenantId, async (tx) => {
    const before = (await lockSource(tx, connectionId)) ?? unknownRoster(connectionId);
    const after: StoredSource = { ...before, status, version: before.version + 1 };
    after.nextRunAt = nextRunOf(after, by.now);
    await saveSource(tx, after, by.now);
    const values = { before: { status: before.status }, after: { status } };
    await recordConnectionChange(tx, actions[status], connectionId, values, by);
    return shown(after);
  });
}

/** A tenant's roster sources, the oldest first; secret settings are left out. */
export async function listRosters(tx: TenantTx): Promise<RosterSource[]> {
  return (await listSources(tx)).map(shown);
}

/** A roster source; secret settings are left out. @throws DomainError not_found `roster_unknown` */
export async function getRoster(tx: TenantTx, connectionId: ConnectionId): Promise<RosterSource> {
  return shown((await findSource(tx, connectionId)) ?? unknownRoster(connectionId));
}

/** @throws DomainError not_found `roster_unknown`, always */
export function unknownRoster(connectionId: ConnectionId): never {
  throw new DomainError(
    'not_found',
    'roster_unknown',
    `This tenant has no roster connection ${connectionId}. List its rosters to see their ids.`,
  );
}

function shown({ sealedSecrets: _sealed, base: _base, ...source }: StoredSource): RosterSource {
  return source;
}

/** What the audit trail keeps of it. */
function describe(source: StoredSource): object {
  const { version: _version, nextRunAt: _next, connectionId: _id, ...rest } = shown(source);
  return rest;
}

/** Secrets that were entered anew, by name: their values differ and are told to nobody. */
function enteredSecrets(given: Record<string, unknown> = {}, { secrets }: StoredSource): string[] {
  return secrets.filter((name) => name in given);
}

function nextRunOf(
  { schedule, status }: Pick<StoredSource, 'schedule' | 'status'>,
  now: number,
): Date | null {
  const next = schedule === null || status !== 'active' ? undefined : planNextRun(schedule, now);
  return next === undefined ? null : new Date(next.at);
}

function vendorOf({ vendor }: Record<string, unknown>): string | null {
  return typeof vendor === 'string' && vendor !== '' ? vendor.slice(0, 100) : null;
}
