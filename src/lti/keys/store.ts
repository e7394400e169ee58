import { z } from 'zod';
import type { HubTx } from '../../platform/db.ts';
import type { Place } from '../../platform/secrets/sealed-record.ts';
import { json, sql } from '../../platform/sql/sql.ts';
import { type PublicJwk, publicJwk } from './generate.ts';
import type { KeyFacts, KeyState } from './life-cycle.ts';

export interface SigningKey extends KeyFacts {
  jwk: PublicJwk;
  createdAt: number;
}

const signingKeyRow = z
  .object({
    kid: z.string(),
    state: z.enum(['published', 'signing', 'retired', 'revoked']),
    public_jwk: publicJwk,
    created_at: z.date(),
    changed_at: z.date(),
  })
  .transform(
    (row): SigningKey => ({
      kid: row.kid,
      state: row.state,
      jwk: row.public_jwk,
      createdAt: row.created_at.getTime(),
      changedAt: row.changed_at.getTime(),
    }),
  );

/** Where the private half of a key is sealed. */
export function placeOfPrivateKey(kid: string): Place {
  return { table: 'signing_key', row: kid, column: 'sealed_private_key' };
}

/** Lets one transaction at a time change the set of keys; held until the transaction ends. */
export async function lockSigningKeys(tx: HubTx): Promise<void> {
  await tx.exec(sql`select pg_advisory_xact_lock(hashtextextended('gatehouse.signing_key', 0))`);
}

/** All keys ever made, newest first. */
export function listSigningKeys(tx: HubTx): Promise<SigningKey[]> {
  return tx.many(
    sql`select kid, state, public_jwk, created_at, changed_at from signing_key
        where tenant_id = ${tx.tenantId} order by created_at desc, kid`,
    signingKeyRow,
  );
}

export interface SealedSigningKey {
  kid: string;
  sealedPrivateKey: Buffer;
}

const sealedRow = z
  .object({ kid: z.string(), sealed_private_key: z.instanceof(Buffer) })
  .transform((row): SealedSigningKey => ({ kid: row.kid, sealedPrivateKey: row.sealed_private_key }));

/** The key that signs. */
export function findSealedSigningKey(tx: HubTx): Promise<SealedSigningKey | undefined> {
  return tx.maybeOne(
    sql`select kid, sealed_private_key from signing_key where tenant_id = ${tx.tenantId} and state = 'signing'`,
    sealedRow,
  );
}

export async function insertSigningKey(
  tx: HubTx,
  input: { jwk: PublicJwk; state: KeyState; sealedPrivateKey: Buffer; now: number },
): Promise<void> {
  const at = new Date(input.now);
  await tx.exec(
    sql`insert into signing_key (tenant_id, kid, state, public_jwk, sealed_private_key, created_at, changed_at)
        values (${tx.tenantId}, ${input.jwk.kid}, ${input.state}, ${json(input.jwk)}, ${input.sealedPrivateKey},
          ${at}, ${at})`,
  );
}

/** Moves a key to a state. A key that signs no more loses its private half. */
export async function updateState(
  tx: HubTx,
  input: { kid: string; state: KeyState; now: number },
): Promise<void> {
  const done = input.state === 'retired' || input.state === 'revoked';
  await tx.exec(
    sql`update signing_key set state = ${input.state}, changed_at = ${new Date(input.now)},
          sealed_private_key = case when ${done} then ''::bytea else sealed_private_key end
        where tenant_id = ${tx.tenantId} and kid = ${input.kid}`,
  );
}
