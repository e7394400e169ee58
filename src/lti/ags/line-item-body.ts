import { z } from 'zod';
import { parseInput } from '../../platform/input.ts';
import type { LmsLineItem } from '../lms/gradebook.ts';

const given = z.string().max(1_000).nullable().optional();
const moment = z.string().max(64).nullable().optional();

/** A line item as a tool writes it (AGS 2.0 §3.2). */
const lineItemBody = z.looseObject({
  id: given,
  // AGS 2.0 §3.2.7: present, and not blank.
  label: z.string().max(1_000).regex(/\S/, { error: 'Give a label that is not blank.' }),
  // AGS 2.0 §3.2.8: a number, strictly greater than 0.
  scoreMaximum: z.number().positive(),
  resourceLinkId: given,
  resourceId: given,
  tag: given,
  startDateTime: moment,
  endDateTime: moment,
  gradesReleased: z.boolean().nullable().optional(),
});

export type LineItemBody = z.output<typeof lineItemBody>;

/** @throws DomainError input `line_item_invalid` */
export function parseLineItem(body: unknown): LineItemBody {
  return parseInput(lineItemBody, body, 'line_item_invalid');
}

/** AGS 2.0, extensions: the name of a member that AGS does not know is a full URL. */
export function extensionsOf(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => /^https?:\/\//.test(name)));
}

/** What a tool sets of a line item: of it, `null` and blank mean "none", absent means "as it is". */
type Content = Omit<LmsLineItem, 'id' | 'resourceLinkId'>;

/** The line item the tool wants. `resourceId` and `tag` go on character by character (AGS 2.0 §3.2.5). */
export function applyBody(body: LineItemBody, before: Partial<Content> = {}): Content {
  const { resourceId, tag, startDateTime, endDateTime, gradesReleased } = body;
  return {
    label: body.label,
    scoreMaximum: body.scoreMaximum,
    resourceId: changed(before.resourceId, resourceId),
    tag: changed(before.tag, tag),
    startDateTime: changed(before.startDateTime, startDateTime),
    endDateTime: changed(before.endDateTime, endDateTime),
    gradesReleased: changed(before.gradesReleased, gradesReleased),
    extensions: { ...before.extensions, ...extensionsOf(body) },
  };
}

function changed<T>(before: T | undefined, value: T | null | undefined): T | undefined {
  if (value === undefined) return before;
  return value === null || value === '' ? undefined : value;
}
