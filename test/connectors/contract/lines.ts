import { alongsideLines } from './alongside-lines.ts';
import { pagingLines } from './paging-lines.ts';
import { readingLines } from './reading-lines.ts';
import type { Line } from './world.ts';

/** The contract, as the design lists it. */
export const lines: readonly Line[] = [...readingLines, ...alongsideLines, ...pagingLines];
