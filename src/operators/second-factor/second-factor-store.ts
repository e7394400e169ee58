import { z } from 'zod';
import type { OperatorId } from '../../../contracts/ids.ts';
import { sql } from '../../platform/sql/sql.ts';
import type { OwnerTx } from '../services.ts';

const factorRow = z
  .object({ sealed_secret: z.instanceof(Buffer), confirmed_at: z.date().nullable() })
  .transform((row) => ({ sealedSecret: row.sealed_secret, isConfirmed: row.confirmed_at !== null }));

export function findFactor(
  tx: OwnerTx,
  operatorId: OperatorId,
): Promise<{ sealedSecret: Buffer; isConfirmed: boolean } | undefined> {
  return tx.maybeOne(
    sql`select sealed_secret, confirmed_at from operator_second_factor
      where tenant_id = ${tx.tenantId} and operator_id = ${operatorId}`,
    factorRow,
  );
}

/** Begins with an authenticator, in place of one that was never confirmed. @returns false where one is confirmed */
export async function putFactor(
  tx: OwnerTx,
  operatorId: OperatorId,
  sealedSecret: Buffer,
  at: Date,
): Promise<boolean> {
  const count = await tx.exec(sql`
    insert into operator_second_factor as f (tenant_id, operator_id, sealed_secret, created_at)
    values (${tx.tenantId}, ${operatorId}, ${sealedSecret}, ${at})
    on conflict (tenant_id, operator_id) do update set sealed_secret = excluded.sealed_secret,
      created_at = excluded.created_at, last_step = 0
    where f.confirmed_at is null`);
  return count === 1;
}

/** Takes a step's code, once: whoever has read it over a shoulder comes too late. @returns whether it was not taken before */
export async function takeStep(tx: OwnerTx, operatorId: OperatorId, step: number): Promise<boolean> {
  const count = await tx.exec(sql`
    update operator_second_factor set last_step = ${step}
    where tenant_id = ${tx.tenantId} and operator_id = ${operatorId} and last_step < ${step}`);
  return count === 1;
}

/** @returns whether the code was one of those left */
export async function takeRecoveryCode(
  tx: OwnerTx,
  operatorId: OperatorId,
  codeHash: Buffer,
): Promise<boolean> {
  const count = await tx.exec(sql`
    update operator_second_factor set recovery_hashes = array_remove(recovery_hashes, ${codeHash}::bytea)
    where tenant_id = ${tx.tenantId} and operator_id = ${operatorId} and confirmed_at is not null
      and ${codeHash}::bytea = any (recovery_hashes)`);
  return count === 1;
}

/** From now on it is asked for. @returns false where that was so already */
export async function confirmFactor(tx: OwnerTx, operatorId: OperatorId, at: Date): Promise<boolean> {
  const count = await tx.exec(sql`
    update operator_second_factor set confirmed_at = ${at}
    where tenant_id = ${tx.tenantId} and operator_id = ${operatorId} and confirmed_at is null`);
  return count === 1;
}

export async function setRecoveryHashes(
  tx: OwnerTx,
  operatorId: OperatorId,
  hashes: readonly Buffer[],
): Promise<void> {
  await tx.exec(sql`
    update operator_second_factor set recovery_hashes = ${hashes}::bytea[]
    where tenant_id = ${tx.tenantId} and operator_id = ${operatorId}`);
}

/** @returns whether there was one */
export async function deleteFactor(tx: OwnerTx, operatorId: OperatorId): Promise<boolean> {
  const count = await tx.exec(
    sql`delete from operator_second_factor where tenant_id = ${tx.tenantId} and operator_id = ${operatorId}`,
  );
  return count === 1;
}
