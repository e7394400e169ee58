import type { ConnectionId, DeliveryId, LineItemId } from '../../../contracts/ids.ts';
import { findConnection } from '../../connections/registrations.ts';
import type { DeliveryFilter } from '../../grades/delivery.ts';
import type { GradeReason } from '../../grades/destination.ts';
import { connectionUnknown } from '../../grades/pause.ts';
import { gradeReasons } from '../../grades/reasons.ts';
import type { TenantTx } from '../../platform/db.ts';
import { getToolBySlug } from '../../tools/tools.ts';
import type { OptionSpec } from '../command.ts';
import type { Values } from '../values.ts';

const reasons = Object.keys(gradeReasons) as GradeReason[];

/** The options by which commands say which deliveries they mean. */
export const filterOptions = {
  connection: { value: 'id', about: 'Those over this connection' },
  tool: { value: 'slug', about: 'Those of this tool' },
  'line-item': { value: 'id', about: 'Those to this line item' },
  cause: { value: 'code', about: 'Those with this reason', choices: reasons },
  since: { value: 'time', about: 'Those accepted then or later, such as 2026-03-01 or 2026-03-01T08:00Z' },
} as const satisfies Record<string, OptionSpec>;

/** What was said of the deliveries, before anything is looked up. */
export interface GivenFilter extends Omit<DeliveryFilter, 'toolId'> {
  toolSlug: string | undefined;
}

/** @throws UsageError for a value that cannot be meant */
export function readFilter(values: Values): GivenFilter {
  return {
    connectionId: values.optionalId<ConnectionId>('connection'),
    toolSlug: values.optional('tool'),
    lineItemId: values.optionalId<LineItemId>('line-item'),
    reason: values.optionalChoice('cause', reasons),
    since: readTime(values, 'since'),
  };
}

/** @throws DomainError not_found when there is no such tool or connection */
export async function completeFilter(
  tx: TenantTx,
  { toolSlug, ...filter }: GivenFilter,
): Promise<DeliveryFilter> {
  await checkConnection(tx, filter.connectionId);
  return toolSlug === undefined ? filter : { ...filter, toolId: (await getToolBySlug(tx, toolSlug)).toolId };
}

/** A connection that is meant is there. @throws DomainError not_found `connection_unknown` */
export async function checkConnection(tx: TenantTx, connectionId: ConnectionId | undefined): Promise<void> {
  if (connectionId === undefined || (await findConnection(tx, connectionId)) !== undefined) return;
  throw connectionUnknown(connectionId);
}

const time = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** A day counts from midnight UTC on. */
function readTime(values: Values, name: string): Date | undefined {
  const text = values.optional(name);
  if (text === undefined) return undefined;
  const day = text.slice(0, 10);
  // JavaScript takes February 30 for March 2.
  const isReal = time.test(text) && isDate(`${day}T00:00Z`) && new Date(day).toISOString().startsWith(day);
  if (isReal && isDate(text)) return new Date(text);
  throw values.wrong(name, 'must be a day or a time with its zone, such as 2026-03-01 or 2026-03-01T08:00Z');
}

function isDate(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}

/** The delivery ids of a repeatable option. @throws UsageError for what is no id */
export function readDeliveryIds(values: Values, name: string): DeliveryId[] | undefined {
  const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  const given = values.optionalList(name);
  const odd = given?.find((text) => !id.test(text));
  if (odd === undefined) return given as DeliveryId[] | undefined;
  throw values.wrong(name, 'must be an id, such as 0199c5a4-0000-7000-8000-000000000000');
}
