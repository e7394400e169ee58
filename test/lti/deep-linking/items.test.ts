import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readItems } from '../../../src/lti/deep-linking/items.ts';

const link = { type: 'ltiResourceLink', url: 'https://tool.example/1' };
const wrong = (items: unknown) => {
  const read = readItems(items);
  return read.ok ? undefined : read.member;
};
const only = (item: unknown) => {
  const read = readItems([item]);
  if (!read.ok) throw new Error(read.member);
  return read.items[0];
};

test('no items are an answer', () => {
  for (const none of [undefined, null, []]) expect(readItems(none)).toEqual({ ok: true, items: [] });
});

test.each([
  ['a list is wanted', {}, 'content_items'],
  ['too many', Array.from({ length: 201 }, () => link), 'content_items'],
  ['no type', [{ url: 'https://a.example' }], 'content_items.0.type'],
  ['no object', [link, 'x'], 'content_items.1.type'],
  ['a link without address', [{ type: 'link' }], 'content_items.0.url'],
  ['a file without address', [{ type: 'file' }], 'content_items.0.url'],
  ['an image that is data', [{ type: 'image', url: 'data:image/png;base64,AA' }], 'content_items.0.url'],
  ['a kind of its own that runs', [{ type: 'x', url: ' JavaScript:alert(1)' }], 'content_items.0.url'],
  ['html without html', [{ type: 'html' }], 'content_items.0.html'],
  [
    'a column without maximum',
    [{ ...link, lineItem: { label: 'x' } }],
    'content_items.0.lineItem.scoreMaximum',
  ],
  [
    'a column of nothing',
    [{ ...link, lineItem: { scoreMaximum: 0 } }],
    'content_items.0.lineItem.scoreMaximum',
  ],
  ['parameters that are no texts', [{ ...link, custom: { a: {} } }], 'content_items.0.custom.a'],
])('what is required is asked for: %s', (_name, items, member) => {
  expect(wrong(items)).toBe(member);
});

test('what only says how a thing looks is left out where it is malformed', () => {
  const item = {
    ...link,
    title: 5,
    icon: 'x',
    thumbnail: { url: 'https://a.example/p.png', width: 'wide' },
    iframe: [],
  };
  expect(only(item)).toMatchObject({
    kind: 'known',
    item: { ...link, thumbnail: { url: 'https://a.example/p.png', width: 'wide' } },
  });
});

test('null means that a member is not there; numbers and flags become texts in parameters', () => {
  const item = { ...link, title: null, lineItem: { scoreMaximum: 5, tag: null }, custom: { a: 1, b: true } };
  expect(only(item)).toMatchObject({
    item: { ...link, lineItem: { scoreMaximum: 5 }, custom: { a: '1', b: 'true' } },
  });
});

test('an empty list, which PHP makes of an empty object, means that an object is not there', () => {
  const plain = { ...link, title: 'x' };
  for (const member of ['custom', 'lineItem', 'iframe', 'window', 'available', 'submission', 'icon'])
    expect(only({ ...plain, [member]: [] })).toEqual(only(plain));
  const review = { reviewableStatus: ['Submitted'] };
  const column = { scoreMaximum: 5, submissionReview: review };
  expect(only({ ...plain, lineItem: { scoreMaximum: 5, submissionReview: [] } })).toEqual(
    only({ ...plain, lineItem: { scoreMaximum: 5 } }),
  );
  expect(
    only({ ...plain, lineItem: { ...column, submissionReview: { ...review, custom: [] } } }),
  ).toMatchObject({ item: { lineItem: column } });
  expect(wrong([{ ...link, custom: ['a'] }])).toBe('content_items.0.custom');
});

test('an empty address means the tool’s own start, as none does, where an address may be left out', () => {
  const { url: _none, ...bare } = link;
  expect(only({ ...bare, url: '' })).toEqual(only(bare));
  const review = { reviewableStatus: ['Submitted'] };
  const column = (submissionReview: object) =>
    only({ ...bare, lineItem: { scoreMaximum: 5, submissionReview } });
  expect(column({ ...review, url: '' })).toEqual(column(review));
  expect(wrong([{ type: 'link', url: '' }])).toBe('content_items.0.url');
});

test('a number where the text of a column is due is taken as text', () => {
  const item = { ...link, lineItem: { scoreMaximum: 5, label: 7, resourceId: 77, tag: 0 } };
  expect(only(item)).toMatchObject({ item: { lineItem: { label: '7', resourceId: '77', tag: '0' } } });
  expect(only({ ...link, lineItem: { scoreMaximum: 5, label: 1.5 } })).toMatchObject({
    item: { lineItem: { label: '1.5' } },
  });
  expect(wrong([{ ...link, lineItem: { scoreMaximum: 5, tag: {} } }])).toBe('content_items.0.lineItem.tag');
  // 12345678901234567891 in JSON.
  for (const rounded of [12345678901234567000, 1.5])
    expect(wrong([{ ...link, lineItem: { scoreMaximum: 5, resourceId: rounded } }])).toBe(
      'content_items.0.lineItem.resourceId',
    );
});

test('a kind that the specification does not know goes on as it came, and so do named extensions', () => {
  const own = { type: 'https://tool.example/flashcards', cards: [1, 2] };
  expect(only(own)).toEqual({ kind: 'other', type: own.type, item: own });
  const extended = { ...link, 'https://tool.example/level': 9, unknown: 1 };
  expect(only(extended)).toMatchObject({ extensions: { 'https://tool.example/level': 9 } });
});

test.each(['{"type":"x","a":', '{"type":"x","https://a.example":[', '{"type":"link","icon":'])(
  'what is nested beyond all measure is refused before anything walks through it: %s',
  (begin) => {
    const [open, close] = begin.includes('[') ? ['[', ']'] : ['{"a":', '}'];
    const rest = begin.includes('[') ? ']}' : '}';
    const text = `[${begin}${open.repeat(20_000)}0${close.repeat(20_000)}${rest}]`;
    expect(wrong(JSON.parse(text))).toBe('content_items');
  },
);

test('whatever a tool sends, reading it does not fail, and tells a place and no value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (items) => {
      expect(wrong(items) ?? 'content_items').toMatch(/^content_items/);
    }),
  );
});
