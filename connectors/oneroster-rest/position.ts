import { z } from 'zod';

/** Ways in which sourcedIds can stand in order. What a source does is seen, not believed. */
export const orders = {
  plain: (a, b) => a < b,
  'any-case': (a, b) => a.toLowerCase() < b.toLowerCase(),
  number: (a, b) => a.length < b.length || (a.length === b.length && a < b),
} as const satisfies Record<string, (a: string, b: string) => boolean>;
export type Order = keyof typeof orders;
export const orderNames = Object.keys(orders) as Order[];

/** What a source has refused, and is not asked for again. */
export const parts = ['sort', 'fields', 'filter', 'limit'] as const;
export type QueryPart = (typeof parts)[number];

const Position = z.object({
  /** A list that changed too much while it was read is read a second time. */
  pass: z.union([z.literal(1), z.literal(2)]),
  /** Rows before this one have been read. */
  offset: z.number().int().min(0),
  /** sourcedId of the row before. */
  last: z.string().optional(),
  /** Whether the next page begins with that row, so that a shift is seen. */
  overlap: z.union([z.literal(0), z.literal(1)]),
  /** Where the source's own links lead, if they hold no offset. */
  next: z.string().optional(),
  /** Only what has changed since: a moment in UTC. */
  since: z.string().optional(),
  /** The source's time at the start, in unix milliseconds. */
  startedAt: z.number().optional(),
  /** Rows of this pass, each once. */
  received: z.number().int(),
  /** Rows that were handed on in this pass. */
  made: z.number().int(),
  /** The same of roles, where they are read along with users. */
  madeAlongside: z.number().int().optional(),
  /** The total that the source has named last. */
  total: z.number().int().optional(),
  /** The smallest total that the source has named in this pass. */
  least: z.number().int().optional(),
  /** The largest total that the source has named in this pass. */
  most: z.number().int().optional(),
  /**
   * Whether pages of this pass followed each other without a row in common, so that nothing shows whether rows have moved in
   * between: `marked` where the source's links name the place by a mark of its own, which most keep still; else `counted`.
   */
  blind: z.enum(['marked', 'counted']).optional(),
  /** Of the sourcedIds of this pass, in any order, and of the pass before. */
  sum: z.number().int().optional(),
  sumBefore: z.number().int().optional(),
  /** Whether the source's links have led nowhere, so that the hub counts itself. */
  withoutLinks: z.boolean().optional(),
  /** Whether rows have come from beyond the total: it is that of a page, or of something else. */
  falseTotal: z.boolean().optional(),
  /** Whether rows have come, gone or moved in this pass. */
  shifted: z.boolean(),
  orders: z.array(z.enum(orderNames as [Order, ...Order[]])),
  /** The page size of a source that counts in pages rather than rows. */
  aligned: z.number().int().optional(),
  without: z.array(z.enum(parts)),
});
/** Where a read stands: all that it takes to go on. */
export type Position = Readonly<z.output<typeof Position>>;

export const startPosition: Position = {
  pass: 1,
  offset: 0,
  overlap: 0,
  received: 0,
  made: 0,
  shifted: false,
  orders: orderNames,
  without: [],
};

/** @returns undefined for a text that is no checkpoint of this connector */
export function parsePosition(text: string): Position | undefined {
  try {
    return Position.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
