import type { OperatorRole } from '../../../contracts/http/roles.ts';
import { newId, type OperatorId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { inScope } from '../../health/notifications/targets.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { normaliseEmail, type Operator, subjectOf } from '../operator.ts';
import type { OperatorServices, OwnerId } from '../services.ts';
import { findOperatorByEmail, insertOperator } from './operator-store.ts';

/**
 * The account of an address; one without a password is made where there is none. Nobody signs in to that but by a link, or at the
 * company's provider.
 */
export function ensureOperator(
  { db }: Pick<OperatorServices, 'db'>,
  owner: OwnerId,
  { name, email, roles }: { name: string; email: string; roles: readonly OperatorRole[] },
  by: ChangeBy,
): Promise<Operator> {
  return inScope(db, owner, async (tx) => {
    const address = normaliseEmail(email);
    const operatorId = newId<OperatorId>(by.now);
    const given = { operatorId, name, email: address, roles, passwordHash: null, companySubject: null };
    const isNew = await insertOperator(tx, given, new Date(by.now));
    if (isNew) {
      const subject = subjectOf(operatorId);
      await recordAudit(tx, { ...by, action: 'operator.added', subject, after: { roles } });
    }
    const operator = await findOperatorByEmail(tx, address);
    if (operator === undefined) throw new Error('An operator who was just added is not there');
    return operator;
  });
}
