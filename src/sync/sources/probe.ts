import {
  type CheckReport,
  type Connector,
  type ConnectorContext,
  ConnectorError,
  type Discovery,
} from '../../../contracts/connector.ts';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { DomainError } from '../../platform/errors.ts';
import type { SyncServices } from '../services.ts';
import { findUpload } from '../uploads/upload-store.ts';
import { type UploadId, unknownPackage } from '../uploads/uploads.ts';
import { openSource } from './open-source.ts';
import { getConnector, openSettings } from './source-settings.ts';
import { findSource } from './source-store.ts';
import { unknownRoster } from './sources.ts';

type Deps = Pick<SyncServices, 'db' | 'secrets' | 'connectors' | 'host'>;

const mostMs = 60_000;

export interface ProbeOptions {
  /** The package to look into, where the source is what admins hand over. */
  uploadId?: UploadId | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Asks the source whether the settings work.
 *
 * @throws DomainError not_found `roster_unknown`, `package_unknown`, input or upstream with the connector's own code
 */
export function checkRoster(
  deps: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  options: ProbeOptions = {},
): Promise<CheckReport> {
  return probe(deps, tenantId, connectionId, options, (connector, context) => connector.check(context));
}

/**
 * Asks the source which schools it has, so that an admin can choose those that are shared.
 *
 * @throws DomainError not_found `roster_unknown`, `package_unknown`, input or upstream with the connector's own code
 */
export function discoverRoster(
  deps: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  options: ProbeOptions = {},
): Promise<Discovery> {
  return probe(deps, tenantId, connectionId, options, (connector, context) => connector.discover(context));
}

async function probe<Report>(
  deps: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  { uploadId, signal }: ProbeOptions,
  ask: (connector: Connector, context: ConnectorContext<object>) => Promise<Report>,
): Promise<Report> {
  const { connector, settings } = await deps.db.withTenant(tenantId, async (tx) => {
    const source = (await findSource(tx, connectionId)) ?? unknownRoster(connectionId);
    const upload = uploadId === undefined ? undefined : await findUpload(tx, uploadId);
    // As for a run: what was handed over to another roster is none here.
    if (upload !== undefined && upload.connectionId !== connectionId) throw unknownPackage();
    return {
      connector: getConnector(deps, source.connector),
      settings: await openSettings(deps, tx, source),
    };
  });
  const timeout = AbortSignal.timeout(mostMs);
  const context = await openSource(deps, tenantId, {
    connectionId,
    connector,
    settings,
    uploadId,
    isProbe: true,
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  });
  try {
    return await ask(connector, context);
  } catch (cause) {
    throw explain(cause);
  } finally {
    await context.close();
  }
}

/** A connector's refusal as one that its caller understands. */
function explain(cause: unknown): unknown {
  if (!(cause instanceof ConnectorError)) return cause;
  const isOurs = cause.failure === 'settings' || cause.failure === 'source_missing';
  return new DomainError(isOurs ? 'input' : 'upstream', cause.code, cause.message, { cause });
}
