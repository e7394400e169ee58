import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { Entity } from '../../../contracts/roster.ts';
import { recordAudit } from '../../audit/audit.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { SyncServices } from '../services.ts';
import { findLost, makeStale, removeOverride, saveOverride, writeField } from './override-store.ts';
import { getColumn, parseOverride, refuseLost } from './override-value.ts';
import { getRoster } from './sources.ts';

export { listOverrides, type Override } from './override-store.ts';

export interface FieldName {
  entity: Entity;
  sourcedId: string;
  /** As in the CSV header. */
  column: string;
}

/**
 * Sets a field of the roster by hand: at once, and for as long as the override stands whatever the source says.
 *
 * @param field.value null empties the field
 * @throws DomainError not_found `roster_unknown`, `roster_row_unknown`, input `override_column_unknown`,
 *   `override_value_invalid`
 */
export async function overrideField(
  { db }: Pick<SyncServices, 'db'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  field: FieldName & { value: string | null },
  by: ChangeBy,
): Promise<void> {
  const { entity, sourcedId, column: name } = field;
  const column = getColumn(entity, name);
  const parsed = parseOverride(column, field.value);
  // As it is read again by runs.
  const value = Array.isArray(parsed) ? parsed.join(',') : parsed;
  const now = new Date(by.now);
  await db.withTenant(tenantId, async (tx) => {
    await getRoster(tx, connectionId);
    if ('to' in column.kind && parsed !== null) {
      const ids = [parsed].flat();
      refuseLost(column, await findLost(tx, connectionId, { to: column.kind.to, ids, from: field }));
    }
    const written = await writeField(tx, connectionId, { entity, sourcedId, column, value: parsed }, now);
    if (!written) throw unknownRow(field);
    const override = { entity, sourcedId, column: name, value, setBy: by.actor, setAt: now };
    await saveOverride(tx, connectionId, override);
    await record(tx, 'roster.field_overridden', connectionId, field, by);
  });
}

/**
 * Lets the source speak again: its value comes back with the next full run.
 *
 * @throws DomainError not_found `override_unknown`
 */
export async function clearOverride(
  { db }: Pick<SyncServices, 'db'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  field: FieldName,
  by: ChangeBy,
): Promise<void> {
  await db.withTenant(tenantId, async (tx) => {
    if (!(await removeOverride(tx, connectionId, field))) {
      throw new DomainError(
        'not_found',
        'override_unknown',
        'This field is not set by hand. List the overrides to see which are.',
      );
    }
    await makeStale(tx, connectionId, field);
    await record(tx, 'roster.override_cleared', connectionId, field, by);
  });
}

/** The value itself may be of a person, and stays out of the audit trail. */
function record(
  tx: TenantTx,
  action: string,
  connectionId: ConnectionId,
  { entity, sourcedId, column }: FieldName,
  by: ChangeBy,
): Promise<unknown> {
  const after = { entity, sourcedId, column };
  return recordAudit(tx, { ...by, action, subject: `connection:${connectionId}`, after });
}

function unknownRow({ entity, sourcedId }: FieldName): DomainError {
  return new DomainError(
    'not_found',
    'roster_row_unknown',
    `The roster has no row ${sourcedId} in ${entity}. Check the sourcedId.`,
  );
}
