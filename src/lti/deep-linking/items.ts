import { z } from 'zod';
import { unlessEmpty } from '../../platform/absent.ts';
import { isStorable, type Payload, record } from '../claims.ts';
import { customParameters, submissionReview, webUrl } from '../submission-review.ts';

/** Items in one answer at most. */
const mostItems = 200;

/** How deep items may be nested, as in `parseJson`: they are read and written again by code that recurses. */
const deepest = 32;

const words = z.string().max(4_000).refine(isStorable);
const moment = z.string().max(64).refine(isStorable);
const size = z.union([z.number(), z.string().max(20)]);

/** What only says how a thing is shown is left out where it is malformed: the thing itself is still of use. */
const ornament = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const picture = z.object({ url: webUrl, width: ornament(size), height: ornament(size) });
const period = z.object({ startDateTime: ornament(moment), endDateTime: ornament(moment) });
const shown = {
  title: ornament(words),
  text: ornament(z.string().max(50_000).refine(isStorable)),
  icon: ornament(picture),
  thumbnail: ornament(picture),
};
const window = ornament(
  z.object({
    targetName: ornament(words),
    width: ornament(size),
    height: ornament(size),
    windowFeatures: ornament(words),
  }),
);

/** What a column is called, which may be 1.5 where a library makes numbers of such texts. Nothing is told apart by it. */
const label = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), words.optional());

/**
 * An id of the tool's own, for which some tools write the whole number of their records. One that JSON has rounded is refused:
 * two of them could be one.
 */
const ownId = z.preprocess(
  (value) => (Number.isSafeInteger(value) ? String(value) : value),
  words.optional(),
);

/** AGS 2.0 §3.2: a column to be made along with the link. `resourceId` and `tag` go on character by character. */
const lineItem = z.object({
  label,
  scoreMaximum: z.number().positive(),
  resourceId: ownId,
  tag: ownId,
  gradesReleased: z.boolean().optional(),
  submissionReview: unlessEmpty(submissionReview),
});

/** The kinds of Deep Linking 2.0 §3, each with what it requires. */
const kinds = {
  ltiResourceLink: z.object({
    type: z.literal('ltiResourceLink'),
    ...shown,
    url: unlessEmpty(webUrl),
    window,
    iframe: ornament(z.object({ width: ornament(size), height: ornament(size) })),
    custom: unlessEmpty(customParameters),
    lineItem: unlessEmpty(lineItem),
    available: ornament(period),
    submission: ornament(period),
  }),
  link: z.object({
    type: z.literal('link'),
    ...shown,
    url: webUrl,
    window,
    iframe: ornament(z.object({ src: webUrl, width: ornament(size), height: ornament(size) })),
    embed: ornament(z.object({ html: z.string().max(100_000).refine(isStorable) })),
  }),
  file: z.object({
    type: z.literal('file'),
    ...shown,
    url: webUrl,
    mediaType: ornament(words),
    expiresAt: ornament(moment),
  }),
  html: z.object({
    type: z.literal('html'),
    title: shown.title,
    text: shown.text,
    html: z.string().max(200_000).refine(isStorable),
  }),
  image: z.object({
    type: z.literal('image'),
    ...shown,
    url: webUrl,
    width: ornament(size),
    height: ornament(size),
  }),
};

export type ResourceLinkItem = z.output<(typeof kinds)['ltiResourceLink']>;
export type KnownItem = z.output<(typeof kinds)[keyof typeof kinds]>;

/** An item as the tool sent it: of a known kind, or of one that only the LMS and the tool know. */
export type ReadItem =
  | { kind: 'known'; item: KnownItem; extensions: Payload }
  | { kind: 'other'; type: string; item: Payload };

export type ItemsReading = { ok: true; items: ReadItem[] } | { ok: false; member: string };

/**
 * Reads the content items of an answer (Deep Linking 2.0 §3, §4.5.5). No items are an answer too: nothing was chosen.
 *
 * @returns where it cannot be read, the member that is wrong: its place, never what it holds
 */
export function readItems(claimed: unknown): ItemsReading {
  if (claimed === undefined || claimed === null) return { ok: true, items: [] };
  if (!Array.isArray(claimed) || claimed.length > mostItems || isDeeper(claimed, deepest))
    return { ok: false, member: 'content_items' };
  const items: ReadItem[] = [];
  for (const [index, given] of claimed.entries()) {
    const read = readItem(withoutNulls(given));
    if (typeof read === 'string') return { ok: false, member: `content_items.${index}.${read}` };
    items.push(read);
  }
  return { ok: true, items };
}

function readItem(given: Payload): ReadItem | string {
  const { type } = given;
  if (typeof type !== 'string' || type === '' || type.length > 500 || !isStorable(type)) return 'type';
  if (!Object.hasOwn(kinds, type)) {
    // Whatever else it is, its address stands in a page of the LMS.
    const isOpenable = typeof given.url !== 'string' || webUrl.safeParse(given.url).success;
    return isOpenable ? { kind: 'other', type, item: given } : 'url';
  }
  const read = kinds[type as keyof typeof kinds].safeParse(given);
  if (!read.success) return (read.error.issues[0]?.path ?? []).map(String).join('.');
  // Members that the specification does not know are named by a full address.
  const extensions = Object.entries(given).filter(([name]) => /^https?:\/\//.test(name));
  return { kind: 'known', item: read.data, extensions: Object.fromEntries(extensions) };
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}

/** Some tools write null for what is not there. */
function withoutNulls(given: unknown): Payload {
  const entries = Object.entries(record(given)).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === 'object' && !Array.isArray(value) ? withoutNulls(value) : value,
    ]),
  );
}
