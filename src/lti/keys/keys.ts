import { recordAudit } from '../../audit/audit.ts';
import { notifyChanged } from '../../platform/changes.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database, HubTx } from '../../platform/db.ts';
import type { Secrets } from '../../platform/secrets/secrets.ts';
import { generateSigningKey, type NewSigningKey } from './generate.ts';
import {
  defaultKeyTiming,
  type KeyPlan,
  type KeyState,
  type KeyTiming,
  planKeyLifeCycle,
  planMissingKey,
  planRevocation,
  planRotation,
  transition,
} from './life-cycle.ts';
import {
  insertSigningKey,
  listSigningKeys,
  lockSigningKeys,
  placeOfPrivateKey,
  type SigningKey,
  updateState,
} from './store.ts';

/** What is announced to every copy when the keys change (platform/changes.ts). */
export const keysChanged = 'keys';

export interface KeyDependencies {
  db: Pick<Database, 'withHub'>;
  secrets: Secrets;
  clock: Clock;
}

/** Who changes the keys and why, for the audit. */
export interface KeyCause {
  actor: string;
  reason?: string;
}

/** A key that came into a state; `from` is undefined for a new key. */
export interface KeyChange {
  kid: string;
  from: KeyState | undefined;
  to: KeyState;
}

/** Makes the hub's first signing key, so that a new hub can sign at once. Copies that start together make one. */
export function ensureSigningKey(dependencies: KeyDependencies, cause: KeyCause): Promise<KeyChange[]> {
  return carryOut(dependencies, cause, planMissingKey);
}

/** Does what is due by time: promotes after the overlap, publishes a successor of an old key. For a regular job. */
export function advanceKeys(
  dependencies: KeyDependencies,
  cause: KeyCause,
  timing: KeyTiming = defaultKeyTiming,
): Promise<KeyChange[]> {
  return carryOut(dependencies, cause, (keys, now) => planKeyLifeCycle(keys, now, timing));
}

/**
 * Begins a rotation: publishes the next key, which `advanceKeys` promotes. With `immediately` it signs from now on.
 *
 * @returns nothing changed when a next key is published already
 */
export function rotateSigningKey(
  dependencies: KeyDependencies,
  cause: KeyCause,
  options: { immediately: boolean },
): Promise<KeyChange[]> {
  return carryOut(dependencies, cause, (keys) => planRotation(keys, options));
}

/**
 * Emergency: takes a key out of use and out of the key set at once, replacing it if it was the one that signs.
 *
 * @throws DomainError `signing_key_not_found`
 */
export function revokeSigningKey(
  dependencies: KeyDependencies,
  cause: KeyCause,
  kid: string,
): Promise<KeyChange[]> {
  return carryOut(dependencies, cause, (keys) => planRevocation(keys, kid));
}

/** All keys ever made, newest first, without their private halves. */
export function listKeys({ db }: Pick<KeyDependencies, 'db'>): Promise<SigningKey[]> {
  return db.withHub(listSigningKeys);
}

async function carryOut(
  { db, secrets, clock }: KeyDependencies,
  cause: KeyCause,
  decide: (keys: SigningKey[], now: number) => KeyPlan,
): Promise<KeyChange[]> {
  const expected = decide(await db.withHub(listSigningKeys), clock.now());
  if (expected.create === undefined && expected.changes.length === 0) return [];
  // A key can take a tenth of a second to make, so it is made before the lock is held.
  let spare = expected.create === undefined ? undefined : await generateSigningKey();
  return db.withHub(async (tx) => {
    await lockSigningKeys(tx);
    const keys = await listSigningKeys(tx);
    const now = clock.now();
    const plan = decide(keys, now);
    const changes: KeyChange[] = [];
    for (const { kid, event } of plan.changes) {
      const from = getState(keys, kid);
      const to = transition(from, event);
      await updateState(tx, { kid, state: to, now });
      changes.push({ kid, from, to });
    }
    if (plan.create !== undefined) {
      spare ??= await generateSigningKey();
      await addKey(tx, secrets, spare, plan.create, now);
      changes.push({ kid: spare.jwk.kid, from: undefined, to: plan.create });
    }
    if (changes.length > 0) await notifyChanged(tx, keysChanged);
    for (const change of changes) await recordChange(tx, cause, change, now);
    return changes;
  });
}

async function addKey(
  tx: HubTx,
  secrets: Secrets,
  key: NewSigningKey,
  state: KeyState,
  now: number,
): Promise<void> {
  const sealedPrivateKey = await secrets.seal(tx, placeOfPrivateKey(key.jwk.kid), key.privateKey);
  await insertSigningKey(tx, { jwk: key.jwk, state, sealedPrivateKey, now });
}

async function recordChange(tx: HubTx, cause: KeyCause, change: KeyChange, now: number): Promise<void> {
  await recordAudit(tx, {
    ...cause,
    action: `signing_key.${change.to}`,
    subject: change.kid,
    before: change.from === undefined ? undefined : { state: change.from },
    after: { state: change.to },
    now,
  });
}

function getState(keys: readonly SigningKey[], kid: string): KeyState {
  const key = keys.find((candidate) => candidate.kid === kid);
  if (key === undefined) throw new Error('A plan names a key that is not there');
  return key.state;
}
