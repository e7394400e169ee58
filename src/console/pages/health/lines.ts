import type { WindowName } from '../../../../contracts/health.ts';
import type { Reply } from '../../api/contracts.ts';

type Line = Reply<'hubOverview'>['lines'][number];

/** The lines in the order of one column; lines without a value stand last either way. */
export function sortLines(
  lines: readonly Line[],
  window: WindowName,
  by: string,
  order: 'asc' | 'desc',
): Line[] {
  const value = (line: Line) => sortValue(line, window, by);
  const sign = order === 'asc' ? 1 : -1;
  return lines.toSorted((left, right) => {
    const [a, b] = [value(left), value(right)];
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return sign * (typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b));
  });
}

function sortValue({ slice, windows }: Line, window: WindowName, by: string): string | number | null {
  const numbers = windows[window];
  if (by === 'partner') return slice.partner ?? null;
  if (by === 'failure') return numbers.failureRate.share;
  if (by === 'firstTry') return numbers.firstTrySuccess.share;
  if (by === 'people') return numbers.userErrorRate.share;
  return numbers.ended;
}
