import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { getIdentity } from '../identities/identities.ts';
import type { Guarded } from '../services.ts';
import { type FetchedSource, fetchMetadata, readMetadata } from './fetch-metadata.ts';
import { nameStaged, type ShownChange, showChanges } from './kept-metadata.ts';
import { noteFailure, type StoredMetadata, selectMetadata } from './metadata-store.ts';
import { requireSaml, type SamlServices } from './services.ts';
import { samlSettings } from './settings.ts';
import { takeMetadata, useStaged } from './take-metadata.ts';

type Deps = Pick<SamlServices, 'db' | 'clock' | 'fetch'> & Guarded;

/** The identity provider's metadata as an operator sees it. */
export interface MetadataView extends StoredMetadata {
  /** What waits for somebody to agree, by the name to agree to. */
  difference: { name: string; changes: ShownChange[] } | undefined;
}

/** The metadata in use, and what waits; undefined before it was read for the first time. */
export async function findMetadataView(
  { db }: Pick<Deps, 'db'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<MetadataView | undefined> {
  const stored = await selectMetadata(db.tenant(tenantId), connectionId);
  return stored && view(stored);
}

/** How long after a failure it is tried again, in milliseconds. */
const tryAgainMs = 3_600_000;

/**
 * Asks for the metadata of a connection and takes it in: for the first time it is used at once, later only what is signed by
 * the pinned key is; anything else waits for somebody to agree. What is in use stays where the call fails.
 *
 * @throws DomainError not_found `identity_unknown`; input `identity_protocol`, `metadata_…`, `certificate_…`;
 *   conflict `metadata_not_fetched`, `identity_changed`; and those of the guarded fetch
 */
export async function refreshMetadata(
  deps: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  by: ChangeBy,
  signal?: AbortSignal,
): Promise<MetadataView> {
  const { db, clock } = deps;
  const tx = db.tenant(tenantId);
  const { source, version } = await sourceOf(deps, tenantId, connectionId);
  if (source.from !== 'url' && source.from !== 'mdq') {
    const message =
      'This connection’s metadata comes from a file or was typed in. Give a newer file, or an address.';
    throw new DomainError('conflict', 'metadata_not_fetched', message);
  }
  const before = await selectMetadata(tx, connectionId);
  try {
    const read = await fetchMetadata(deps, source, before?.current.entityId, signal);
    const { refreshAt } = read.metadata;
    return view(await takeMetadata(deps, tenantId, connectionId, { ...read, version, refreshAt }, by));
  } catch (error) {
    // Who may not change it says nothing about the other side.
    if (!(error instanceof DomainError) || error.kind === 'forbidden') throw error;
    const refreshAt = new Date(clock.now() + tryAgainMs);
    await noteFailure(tx, connectionId, { failure: error.code, refreshAt });
    throw error;
  }
}

/**
 * Takes in a document that somebody has: for the first time it is used at once, a later one waits for somebody to agree to
 * what it changes.
 *
 * @throws DomainError not_found `identity_unknown`; input `identity_protocol`, `metadata_…`, `certificate_…`;
 *   conflict `metadata_not_given`, `identity_changed`
 */
export async function giveMetadata(
  deps: Pick<Deps, 'db' | 'clock' | 'guard'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  bytes: Buffer,
  by: ChangeBy,
): Promise<MetadataView> {
  const { source, version } = await sourceOf(deps, tenantId, connectionId);
  if (source.from === 'fields') {
    const message = 'This connection’s addresses were typed in. Set its metadata to come from a file first.';
    throw new DomainError('conflict', 'metadata_not_given', message);
  }
  const before = await selectMetadata(deps.db.tenant(tenantId), connectionId);
  const read = readMetadata(bytes, source, before?.current.entityId, deps.clock.now());
  const refreshAt = isFetched(source) ? read.metadata.refreshAt : null;
  return view(await takeMetadata(deps, tenantId, connectionId, { ...read, version, refreshAt }, by));
}

/**
 * Agrees to a difference: from now on it is used.
 *
 * @param name of the difference that was looked at
 * @throws DomainError not_found `identity_unknown`; input `identity_protocol`; conflict `metadata_difference_gone`
 */
export async function acceptMetadata(
  deps: Pick<Deps, 'db' | 'guard'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  name: string,
  by: ChangeBy,
): Promise<MetadataView> {
  return view(await useStaged(deps, tenantId, connectionId, name, by));
}

async function sourceOf({ db }: Pick<Deps, 'db'>, tenantId: TenantId, connectionId: ConnectionId) {
  const { settings, version } = requireSaml(await getIdentity(db.tenant(tenantId), connectionId));
  return { source: samlSettings.parse(settings).metadata, version };
}

function isFetched(source: { from: string }): source is FetchedSource {
  return source.from === 'url' || source.from === 'mdq';
}

function view(stored: StoredMetadata): MetadataView {
  const { current, staged } = stored;
  if (staged === null) return { ...stored, difference: undefined };
  const { metadata } = staged;
  return { ...stored, difference: { name: nameStaged(metadata), changes: showChanges(current, metadata) } };
}
