import { z } from 'zod';
import { isNothing } from '../../platform/absent.ts';
import { parseInput } from '../../platform/input.ts';
import type { LmsLineItem } from '../lms/gradebook.ts';
import { submissionReview } from '../submission-review.ts';

const given = z.string().max(1_000).nullable().optional();
const moment = z.string().max(64).nullable().optional();

/** A line item as a tool writes it (AGS 2.0 §3.2). */
const newLineItem = z.looseObject({
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
  // Null takes the one of before away; an empty list, PHP's empty object, says nothing.
  submissionReview: z.preprocess(
    (value) => (value !== null && isNothing(value) ? undefined : value),
    submissionReview.nullable().optional(),
  ),
});

/** A line item to take another's place: tools send parts, so what need not change may be left out. */
const changedLineItem = newLineItem.partial({ label: true, scoreMaximum: true });

export type NewLineItemBody = z.output<typeof newLineItem>;
export type ChangedLineItemBody = z.output<typeof changedLineItem>;

/** @throws DomainError input `line_item_invalid` */
export function parseNewLineItem(body: unknown): NewLineItemBody {
  return parseInput(newLineItem, body, 'line_item_invalid');
}

/** @throws DomainError input `line_item_invalid` */
export function parseChangedLineItem(body: unknown): ChangedLineItemBody {
  return parseInput(changedLineItem, body, 'line_item_invalid');
}

/** AGS 2.0, extensions: the name of a member that AGS does not know is a full URL. */
export function extensionsOf(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => /^https?:\/\//.test(name)));
}

/**
 * What a tool sets of a line item: of it, `null` and blank mean "none", absent means "as it is". How submissions are
 * opened is not in it: the LMS opens the hub for that, under an address that is made for it.
 */
type Content = Omit<LmsLineItem, 'id' | 'resourceLinkId' | 'submissionReview'>;

/** The line item that a tool wants to be made. */
export function contentOf(body: NewLineItemBody): Content {
  return applyBody(body, { label: body.label, scoreMaximum: body.scoreMaximum, extensions: {} });
}

/** The line item as a tool wants it. `resourceId` and `tag` go on character by character (AGS 2.0 §3.2.5). */
export function applyBody(body: ChangedLineItemBody, before: Content): Content {
  const { resourceId, tag, startDateTime, endDateTime, gradesReleased } = body;
  return {
    label: body.label ?? before.label,
    scoreMaximum: body.scoreMaximum ?? before.scoreMaximum,
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
