import type { Connector } from '../../../contracts/connector.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import * as sealed from '../../connections/sealed-settings.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { SyncServices } from '../services.ts';
import type { StoredSource } from './source-store.ts';

export { mergeSettings } from '../../connections/sealed-settings.ts';

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
export function planSettings(connector: Connector, given: sealed.Settings) {
  return sealed.partSettings(connector.settings, given, 'roster_settings_invalid');
}

const place = (connectionId: ConnectionId) => ({ table: 'roster_source' as const, row: connectionId });

/** @returns null where there is nothing secret */
export function sealSettings(
  { secrets }: Pick<SyncServices, 'secrets'>,
  tx: TenantTx,
  connectionId: ConnectionId,
  secret: sealed.Settings,
): Promise<Buffer | null> {
  return sealed.sealSettings(secrets, tx, place(connectionId), secret);
}

/** The settings of a source whole, for the connector alone. @throws DomainError `secret_unreadable` */
export function openSettings(
  { secrets }: Pick<SyncServices, 'secrets'>,
  tx: TenantTx,
  source: StoredSource,
): Promise<sealed.Settings> {
  return sealed.openSettings(secrets, tx, place(source.connectionId), source);
}
