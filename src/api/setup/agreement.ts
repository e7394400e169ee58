import { readAgreedFrom } from '../../health/onboarding/agreed.ts';
import type { TenantTx } from '../../platform/db.ts';
import { findKeptAgreement, type KeptAgreement } from './setup-store.ts';

/** What an institution has agreed to, as far as it counts. */
export interface Agreement extends KeptAgreement {
  /** Null: not before somebody confirms it. */
  countsFrom: Date | null;
  counts: boolean;
}

/** What was agreed to last. @param now Unix milliseconds */
export async function findAgreement(tx: TenantTx, now: number): Promise<Agreement | undefined> {
  const kept = await findKeptAgreement(tx);
  if (kept === undefined) return undefined;
  const countsFrom = await readAgreedFrom(tx, kept.agreementId);
  return { ...kept, countsFrom, counts: countsFrom !== null && countsFrom.getTime() <= now };
}
