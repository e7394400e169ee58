import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { recordConnectionChange } from '../../connections/connections.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { CertificateState } from '../saml/certificate.ts';
import { createSelfSigned } from '../saml/self-signed.ts';
import {
  deleteKey,
  insertKey,
  placeOfPrivateKey,
  type ShownKey,
  selectKeys,
  updateKey,
} from './key-store.ts';
import { lockSaml, type SamlServices } from './services.ts';

export { type ShownKey, selectKeys as listKeys } from './key-store.ts';

type Deps = Pick<SamlServices, 'db' | 'secrets' | 'baseUrl'>;
type NewPair = Awaited<ReturnType<typeof createSelfSigned>>;

/** A change of the key asks every school to act, and nothing about a self-signed one gets worse with the years. */
const lifeYears = 10;

/**
 * Makes the first key of a connection, which signs at once; where there are keys, it changes nothing.
 *
 * @throws DomainError not_found `identity_unknown`, input `identity_protocol`
 */
export function ensureKey(
  deps: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  by: ChangeBy,
): Promise<ShownKey | undefined> {
  return makeKey(deps, tenantId, connectionId, by, (keys) => (keys.length === 0 ? 'active' : undefined));
}

/**
 * Begins a change of our key: the next one is shown in our metadata from now on and decrypts already, so that the identity
 * provider knows it before it signs.
 *
 * @throws DomainError not_found `identity_unknown`, input `identity_protocol`, conflict `key_next_exists`
 */
export async function addNextKey(
  deps: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  by: ChangeBy,
): Promise<ShownKey> {
  const made = await makeKey(deps, tenantId, connectionId, by, (keys) =>
    keys.some(({ state }) => state === 'next') ? undefined : 'next',
  );
  if (made !== undefined) return made;
  const message =
    'A next key is there already. Activate it once the identity provider knows it, or remove it.';
  throw new DomainError('conflict', 'key_next_exists', message);
}

/**
 * Ends a change of our key: the next one signs, and the one before is shown no more but decrypts until it is removed.
 *
 * @throws DomainError not_found `identity_unknown`, input `identity_protocol`, conflict `key_next_missing`
 */
export function activateNextKey(
  { db }: Pick<Deps, 'db'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  by: ChangeBy,
): Promise<ShownKey> {
  return db.withTenant(tenantId, async (tx) => {
    await lockSaml(tx, connectionId);
    const keys = await selectKeys(tx, connectionId);
    const next = keys.find(({ state }) => state === 'next');
    if (next === undefined) {
      const message = 'There is no next key. Add one, and let the identity provider read our metadata first.';
      throw new DomainError('conflict', 'key_next_missing', message);
    }
    const now = new Date(by.now);
    // One signs at a time, which the database holds us to.
    for (const { fingerprint, state } of keys) {
      if (state === 'active') await updateKey(tx, connectionId, fingerprint, 'retired', now);
    }
    await updateKey(tx, connectionId, next.fingerprint, 'active', now);
    const before = { signs: keys.find(({ state }) => state === 'active')?.fingerprint };
    const after = { signs: next.fingerprint };
    await recordConnectionChange(tx, 'identity.key_activated', connectionId, { before, after }, by);
    return { ...next, state: 'active' };
  });
}

/**
 * Takes a key away that does not sign, with its private half.
 *
 * @throws DomainError not_found `identity_unknown`, `key_unknown`; input `identity_protocol`; conflict `key_signs`
 */
export function removeKey(
  { db }: Pick<Deps, 'db'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  fingerprint: string,
  by: ChangeBy,
): Promise<void> {
  return db.withTenant(tenantId, async (tx) => {
    await lockSaml(tx, connectionId);
    const keys = await selectKeys(tx, connectionId);
    const key = keys.find((each) => each.fingerprint === fingerprint.toLowerCase());
    if (key === undefined) {
      const message = 'This connection has no such key. List its keys to see their fingerprints.';
      throw new DomainError('not_found', 'key_unknown', message);
    }
    if (key.state === 'active') {
      throw new DomainError('conflict', 'key_signs', 'This key signs. Activate another one first.');
    }
    await deleteKey(tx, connectionId, key.fingerprint);
    const before = { fingerprint: key.fingerprint, state: key.state };
    await recordConnectionChange(tx, 'identity.key_removed', connectionId, { before }, by);
  });
}

async function makeKey(
  deps: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  by: ChangeBy,
  decide: (keys: readonly ShownKey[]) => CertificateState | undefined,
): Promise<ShownKey | undefined> {
  const expected = decide(await selectKeys(deps.db.tenant(tenantId), connectionId));
  if (expected === undefined) return undefined;
  // It takes a moment to find the primes, so it is made before anything is locked.
  const pair = await newPair(deps, by.now);
  return deps.db.withTenant(tenantId, async (tx) => {
    await lockSaml(tx, connectionId);
    const state = decide(await selectKeys(tx, connectionId));
    if (state === undefined) return undefined;
    await addKey(deps, tx, connectionId, pair, { state, by });
    return { ...pair.certificate, state };
  });
}

async function addKey(
  { secrets }: Deps,
  tx: TenantTx,
  connectionId: ConnectionId,
  { privateKey, certificate }: NewPair,
  { state, by }: { state: CertificateState; by: ChangeBy },
): Promise<void> {
  const { fingerprint, validTo: notAfter } = certificate;
  const plain = privateKey.export({ type: 'pkcs8', format: 'der' });
  const sealed = await secrets.seal(tx, placeOfPrivateKey(connectionId, fingerprint), plain);
  await insertKey(tx, connectionId, certificate, { state, sealed, now: new Date(by.now) });
  const after = { fingerprint, notAfter, state };
  await recordConnectionChange(tx, 'identity.key_added', connectionId, { after }, by);
}

function newPair({ baseUrl }: Deps, now: number): Promise<NewPair> {
  const validFrom = new Date(now - 24 * 3_600_000);
  const validTo = new Date(now);
  validTo.setUTCFullYear(validTo.getUTCFullYear() + lifeYears);
  return createSelfSigned({ commonName: new URL(baseUrl).hostname, validFrom, validTo });
}
