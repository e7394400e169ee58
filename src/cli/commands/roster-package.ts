import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { handOverPackage, type SyncServices, type UploadId } from '../../sync/sync.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { CliIo, OptionSpec } from '../command.ts';
import type { Values } from '../values.ts';

/** The option by which commands hand over a package. */
export const packageOption = {
  package: { value: 'file.zip', about: 'Hand over this package and read it, where the source is an upload' },
} as const satisfies Record<string, OptionSpec>;

/** Hands over the package that is named, if one is. @throws DomainError input where the file cannot be read */
export async function handOver(
  values: Values,
  io: CliIo,
  sync: SyncServices,
  { tenantId, connectionId, by }: { tenantId: TenantId; connectionId: ConnectionId; by: ChangeBy },
): Promise<UploadId | undefined> {
  const file = values.optional('package');
  if (file === undefined) return undefined;
  const given = { name: file.split(/[\\/]/).at(-1) ?? file, bytes: io.readBytes(file) };
  return handOverPackage(sync, tenantId, connectionId, given, by);
}
