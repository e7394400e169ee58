import { newId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { KeptContent, KeptItem } from './kept-item.ts';
import { type ClassPlace, insertKeptItem } from './kept-item-store.ts';

export type { KeptContent, KeptItem, KeptResult } from './kept-item.ts';
export {
  type ClassPlace,
  deleteKeptItem,
  findKeptItem,
  listKeptItems,
  listKeptResults,
  updateKeptItem,
} from './kept-item-store.ts';

/** Columns of a class at most, of all tools: what is read of an LMS, too. */
const mostOfClass = 5_000;

/** Makes a column for a class of a roster. @throws DomainError conflict `line_items_full` */
export async function addKeptItem(
  tx: TenantTx,
  place: ClassPlace,
  content: KeptContent,
  now: number,
): Promise<KeptItem> {
  const item = { ...content, keptId: newId<string>(now) };
  if (await insertKeptItem(tx, place, item, { most: mostOfClass, now: new Date(now) })) return item;
  throw new DomainError(
    'conflict',
    'line_items_full',
    `This class has ${mostOfClass} line items, which is the most there may be. Delete some that are not needed.`,
  );
}
