import { z } from 'zod';
import {
  type AuditEvent,
  type AuditValues,
  type ChainHead,
  emptyChain,
  findLinkProblem,
  findMissing,
  type LinkProblem,
  type MissingEvents,
} from './chain.ts';

/** What the first line of an export says it is. */
export const exportFormat = 'gatehouse-audit-1';

// One spelling only: base64 that ends in stray bits would be a changed file that still verifies.
const bytes = z
  .base64()
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text)
  .transform((text) => Buffer.from(text, 'base64'));

const headLine = z.strictObject({
  format: z.literal(exportFormat),
  tenantId: z.string(),
  /** Of the last event, so that an export cut short is noticed. */
  sequence: z.int().nonnegative(),
  hash: bytes,
});

const eventLine = z.strictObject({
  sequence: z.int().positive(),
  at: z.iso.datetime({ precision: 3 }).transform((text) => Date.parse(text)),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  valueHash: bytes,
  previousHash: bytes,
  hash: bytes,
  values: z
    .strictObject({
      salt: bytes,
      reason: z.string().nullable(),
      before: z.unknown(),
      after: z.unknown(),
      origin: z.string().nullable().optional(),
    })
    .nullable(),
});

export type ExportProblem = LinkProblem | 'unreadable_line' | 'cut_short' | 'head_differs';

export type ExportVerdict =
  | { ok: true; tenantId: string; head: ChainHead; erased: number }
  /** `missing`: the events that were taken out. */
  | { ok: false; line: number; problem: ExportProblem; missing?: MissingEvents };

/**
 * Checks an export on its own, without a database.
 *
 * Whoever can rewrite the whole file can also make a new chain: compare the head with one that was kept elsewhere.
 *
 * @param lines the lines of the file, with or without their line feeds; the reported line counts from 1
 * @param expected a head known from elsewhere, which the chain must contain
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  expected?: ChainHead,
): Promise<ExportVerdict> {
  let number = 0;
  let announced: z.infer<typeof headLine> | undefined;
  let head = emptyChain;
  let erased = 0;
  for await (const text of lines) {
    number++;
    if (text.trim() === '') continue;
    if (announced === undefined) {
      announced = parseLine(headLine, text);
      if (announced === undefined) return { ok: false, line: number, problem: 'unreadable_line' };
      continue;
    }
    const parsed = parseLine(eventLine, text);
    if (parsed === undefined) return { ok: false, line: number, problem: 'unreadable_line' };
    const { values, ...facts } = parsed;
    const event: AuditEvent = { ...facts, tenantId: announced.tenantId };
    const problem = findLinkProblem(head, announced.tenantId, event, toValues(values));
    const missing = findMissing(head, event, problem);
    if (problem !== undefined) return { ok: false, line: number, problem, ...(missing && { missing }) };
    if (event.sequence === expected?.sequence && !event.hash.equals(expected.hash)) {
      return { ok: false, line: number, problem: 'head_differs' };
    }
    if (values === null) erased++;
    head = { sequence: event.sequence, hash: event.hash };
  }
  if (announced === undefined) return { ok: false, line: number, problem: 'unreadable_line' };
  const last = Math.max(announced.sequence, expected?.sequence ?? 0);
  if (head.sequence < last) {
    const missing = { from: head.sequence + 1, to: last };
    return { ok: false, line: number, problem: 'cut_short', missing };
  }
  if (head.sequence !== announced.sequence || !head.hash.equals(announced.hash)) {
    return { ok: false, line: 1, problem: 'head_differs' };
  }
  return { ok: true, tenantId: announced.tenantId, head, erased };
}

function toValues(values: z.infer<typeof eventLine>['values']): AuditValues | undefined {
  return values === null
    ? undefined
    : { ...values, before: values.before ?? null, after: values.after ?? null };
}

function parseLine<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
