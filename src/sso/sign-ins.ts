import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { findSignInReason, type SignInReason } from './reasons.ts';
import { type SignInRecord, selectSignIns } from './sign-in-store.ts';

export { type SignInQuery, type SignInRecord, selectSignIns as listSignIns } from './sign-in-store.ts';

/** References are short: more than one try may have the same. */
const mostOfOneReference = 20;

/**
 * The tries that a reference stands for, newest first.
 *
 * @param reference as `parseReference` gives it
 * @throws DomainError not_found `sign_in_unknown`
 */
export async function getSignIns(tx: TenantTx, reference: string): Promise<SignInRecord[]> {
  const found = await selectSignIns(tx, { reference, limit: mostOfOneReference });
  if (found.length > 0) return found;
  const message = `No sign-in of this tenant has the reference ${reference}. Check the spelling and the tenant.`;
  throw new DomainError('not_found', 'sign_in_unknown', message);
}

/** Why a try ended as it did, with what mends it; undefined after a success. */
export function explainSignIn({
  protocol,
  reason,
}: Pick<SignInRecord, 'protocol' | 'reason'>): SignInReason | undefined {
  return reason === null ? undefined : findSignInReason(protocol, reason);
}
