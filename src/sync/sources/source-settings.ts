import { z } from 'zod';
import { type Connector, secretNames } from '../../../contracts/connector.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseInput } from '../../platform/input.ts';
import type { SyncServices } from '../services.ts';
import type { StoredSource } from './source-store.ts';

type Settings = Record<string, unknown>;

/** @throws DomainError input `connector_unknown` */
export function getConnector({ connectors }: Pick<SyncServices, 'connectors'>, id: string): Connector {
  const connector = connectors.find((known) => known.id === id);
  if (connector !== undefined) return connector;
  const known = connectors.map((each) => each.id).join(', ');
  throw new DomainError('input', 'connector_unknown', `There is no connector "${id}". There are: ${known}.`);
}

/**
 * Settings as the connector wants them, parted into what may be shown and what is sealed.
 *
 * @throws DomainError input `roster_settings_invalid`
 */
export function planSettings(connector: Connector, given: Settings): { open: Settings; secret: Settings } {
  const parsed: Settings = parseInput(connector.settings, given, 'roster_settings_invalid');
  const names = new Set(secretNames(connector.settings));
  const entries = Object.entries(parsed).filter(([, value]) => value !== undefined);
  return {
    open: Object.fromEntries(entries.filter(([name]) => !names.has(name))),
    secret: Object.fromEntries(entries.filter(([name]) => names.has(name))),
  };
}

/** Changes over settings, one by one; null takes one out. */
export function mergeSettings(before: Settings, changes: Settings): Settings {
  const merged = { ...before, ...changes };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

const place = (connectionId: ConnectionId) => ({
  table: 'roster_source',
  column: 'sealed_secrets',
  row: connectionId,
});

/** @returns null where there is nothing secret */
export async function sealSettings(
  { secrets }: Pick<SyncServices, 'secrets'>,
  tx: TenantTx,
  connectionId: ConnectionId,
  secret: Settings,
): Promise<Buffer | null> {
  if (Object.keys(secret).length === 0) return null;
  return secrets.seal(tx, place(connectionId), JSON.stringify(secret));
}

const sealedForm = z.record(z.string(), z.unknown());

/** The settings of a source whole, for the connector alone. @throws DomainError `secret_unreadable` */
export async function openSettings(
  { secrets }: Pick<SyncServices, 'secrets'>,
  tx: TenantTx,
  { connectionId, settings, sealedSecrets }: StoredSource,
): Promise<Settings> {
  if (sealedSecrets === null) return settings;
  const opened = await secrets.open(tx, place(connectionId), sealedSecrets);
  return { ...settings, ...sealedForm.parse(JSON.parse(opened.toString())) };
}
