/**
 * One page of rows of which one more than asked for was read: whether there is it tells whether there is a next page.
 *
 * @param place what a caller gives to go on behind a row
 */
export function pageOf<Row, Place>(
  rows: readonly Row[],
  limit: number,
  place: (last: Row) => Place,
): { rows: Row[]; next: Place | null } {
  const last = rows[limit - 1];
  return {
    rows: rows.slice(0, limit),
    next: rows.length > limit && last !== undefined ? place(last) : null,
  };
}
