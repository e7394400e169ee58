import type { Shown } from '../../contracts/people.ts';
import { recordAudit } from '../audit/audit.ts';
import type { TenantTx } from '../platform/db.ts';
import type { ChangeBy } from '../tenants/changes.ts';

export type { Shown } from '../../contracts/people.ts';

/**
 * Puts on record that an operator was shown what identifies people. In the transaction that reads it, so that nothing is
 * shown without.
 *
 * @param of ids of what was shown, such as `person_merge:<id>`
 */
export async function recordDisclosure(
  tx: TenantTx,
  { shown, of }: { shown: readonly Shown[]; of: readonly string[] },
  by: ChangeBy,
): Promise<void> {
  if (shown.length === 0 || of.length === 0) return;
  await recordAudit(tx, {
    ...by,
    action: 'people.shown',
    subject: `tenant:${tx.tenantId}`,
    after: { shown, of },
  });
}
