import { z } from 'zod';
import { isStorable } from '../claims.ts';
import type { LmsLineItem, NewLmsLineItem } from './gradebook.ts';

/** Members of a line item (AGS 2.0 §3.2). */
const members = [
  'id',
  'label',
  'scoreMaximum',
  'resourceLinkId',
  'resourceId',
  'tag',
  'startDateTime',
  'endDateTime',
  'gradesReleased',
  'submissionReview',
];

/** Absent, null and of another type are one: some LMSs write null for what is not set, or a number for an id. */
const text = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

/** Where a line item's address may be kept (table line_item). */
const longestAddress = 2_000;

/** A web address; whether it may be called is for the guard to say, and for somebody to read. */
const address = z
  .string()
  .max(longestAddress)
  .refine((id) => /^https?:/i.test(id) && URL.canParse(id) && isStorable(id));

const lineItem = z
  .looseObject({
    id: address,
    label: text,
    scoreMaximum: z.union([
      z.number(),
      z
        .string()
        .regex(/^\d+(\.\d+)?$/)
        .transform(Number),
    ]),
    resourceLinkId: text,
    resourceId: text,
    tag: text,
    startDateTime: text,
    endDateTime: text,
    gradesReleased: z.boolean().optional().catch(undefined),
    submissionReview: z
      .record(z.string(), z.unknown())
      .refine((review) => isShallow(review, deepest))
      .optional()
      .catch(undefined),
  })
  .transform(
    (item): LmsLineItem => ({
      id: item.id,
      label: item.label ?? '',
      scoreMaximum: item.scoreMaximum,
      resourceLinkId: item.resourceLinkId,
      resourceId: item.resourceId,
      tag: item.tag,
      startDateTime: item.startDateTime,
      endDateTime: item.endDateTime,
      gradesReleased: item.gradesReleased,
      submissionReview: item.submissionReview,
      extensions: takeExtensions(item, members),
    }),
  );

/** Reads a line item; undefined when it is none. */
export function readLineItem(value: unknown): LmsLineItem | undefined {
  const result = lineItem.safeParse(value);
  return result.success ? result.data : undefined;
}

/** The JSON body that creates or replaces a line item. What is undefined stays out. */
export function writeLineItem({ extensions, ...item }: NewLmsLineItem | LmsLineItem): string {
  return JSON.stringify({ ...extensions, ...item });
}

/**
 * The members whose names are web addresses, as those of extensions must be (AGS 2.0 §2), but for those nested so deep
 * that nobody could write them again.
 */
export function takeExtensions(
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([name, member]) =>
        !known.includes(name) && /^https?:\/\/\S+$/.test(name) && isShallow(member, deepest),
    ),
  );
}

const deepest = 32;

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isShallow(member, levels - 1));
}
