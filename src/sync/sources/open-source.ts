import type { Connector } from '../../../contracts/connector.ts';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { OpenedConnector } from '../host/host.ts';
import type { SyncServices } from '../services.ts';
import { openUpload, type UploadId } from '../uploads/uploads.ts';

export interface SourceToOpen {
  connectionId: ConnectionId;
  connector: Connector;
  /** Whole, with its secrets opened. */
  settings: object;
  /** The package that was handed over, where the source is what admins hand over. */
  uploadId: UploadId | undefined;
  /** Packages are only looked into. */
  isProbe: boolean;
  signal: AbortSignal;
}

/** What a connector works with, for a run or a check; to be closed at its end. A package that is gone counts as none. */
export async function openSource(
  deps: Pick<SyncServices, 'db' | 'host'>,
  tenantId: TenantId,
  { uploadId, ...source }: SourceToOpen,
): Promise<OpenedConnector> {
  const upload = uploadId === undefined ? undefined : await openUpload(deps, tenantId, uploadId);
  return deps.host.open({ tenantId, ...source, upload });
}
