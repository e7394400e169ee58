import type { AgreementId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { selectAgreedFrom } from './agreed-store.ts';

/** From when what an institution has agreed to counts, by the same rule as the evidence of it; null: not as things stand. */
export function readAgreedFrom(tx: TenantTx, agreementId: AgreementId): Promise<Date | null> {
  return selectAgreedFrom(tx, agreementId);
}
