import type { ContextId, LineItemId, ToolId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { Course, LineItem } from './line-item.ts';
import { findCourse, findLineItem } from './line-item-store.ts';

export {
  endLineItem,
  findCourse,
  findLineItem,
  findLinkById,
  findLinksByLmsId,
  listLineItems,
  meetLineItems,
  type NewLineItem,
} from './line-item-store.ts';

/**
 * A line item of this tool in this course. Another tool's, another course's and a deleted one are all as unknown as one
 * that never was.
 *
 * @throws DomainError not_found `line_item_unknown`
 */
export async function getLineItem(
  tx: TenantTx,
  item: { lineItemId: LineItemId; contextId: ContextId; toolId: ToolId },
): Promise<LineItem> {
  const found = await findLineItem(tx, item);
  if (found === undefined) throw lineItemUnknown();
  return found;
}

export function lineItemUnknown(): DomainError {
  return new DomainError(
    'not_found',
    'line_item_unknown',
    'This course has no such line item of your tool. It may have been deleted.',
  );
}

/** A course in which the tool has a link. @throws DomainError not_found `context_unknown` */
export async function getCourse(
  tx: TenantTx,
  place: { contextId: ContextId; toolId: ToolId },
): Promise<Course> {
  const course = await findCourse(tx, place);
  if (course === undefined) {
    throw new DomainError('not_found', 'context_unknown', 'Your tool has no link in such a course.');
  }
  return course;
}
