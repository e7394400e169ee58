import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readItems } from '../../../src/lti/deep-linking/items.ts';
import { isToolAddress, planItems } from '../../../src/lti/deep-linking/plan-items.ts';
import type { PolicyRules } from '../../../src/privacy/policy.ts';
import type { Tool } from '../../../src/tools/tool.ts';

const tool = {
  name: 'Quizzes',
  targetLinkUri: 'https://tool.example/start',
  loginInitiationUrl: 'https://auth.tool.example/login',
  redirectUris: ['https://tool.example/launch'],
} as Tool;
const accepts = {
  acceptTypes: ['ltiResourceLink', 'link', 'file', 'html', 'image'],
  acceptTargets: ['iframe', 'window', 'embed'],
};
const everything: PolicyRules = { launch: { 'person.name': 'allow', 'person.email': 'allow' } };
const plan = (items: unknown[], changes: object = {}, rules: PolicyRules = everything) => {
  const read = readItems(items);
  if (!read.ok) throw new Error(read.member);
  const result = planItems(read.items, { ...accepts, ...changes }, tool, rules);
  return result.ok ? result.plan : result.reason;
};
const link = { type: 'ltiResourceLink', url: 'https://tool.example/1', title: 'One' };

test('a link into the tool keeps its place at the hub and all else in the item', () => {
  const lineItem = { scoreMaximum: 3, resourceId: 'r', tag: 't' };
  const custom = { own: 'x', name: '$Person.name.full' };
  expect(plan([{ ...link, lineItem, custom }])).toEqual({
    items: [
      {
        item: { type: 'ltiResourceLink', title: 'One', lineItem, custom },
        target: { url: link.url, custom },
      },
    ],
    left: 0,
    cut: false,
  });
});

test('a link without an address leads to where the tool begins, and one without a title has the tool’s name', () => {
  expect(plan([{ type: 'ltiResourceLink' }])).toMatchObject({
    items: [{ item: { title: 'Quizzes' }, target: { url: tool.targetLinkUri, custom: {} } }],
  });
});

test('what is no link into the tool goes on as it is', () => {
  const items = [
    { type: 'link', url: 'https://elsewhere.example/', title: 'x' },
    {
      type: 'file',
      url: 'https://tool.example/a.pdf',
      mediaType: 'application/pdf',
      expiresAt: '2027-01-01T00:00:00Z',
    },
    { type: 'html', html: '<b>x</b>' },
    { type: 'image', url: 'https://tool.example/p.png', width: 10, height: 20 },
  ];
  expect(plan(items)).toEqual({ items: items.map((item) => ({ item })), left: 0, cut: false });
});

test('an LMS that makes no columns gets none', () => {
  const given = { ...link, lineItem: { scoreMaximum: 3 } };
  expect(plan([given], { acceptLineItem: false })).toMatchObject({ items: [{ item: { title: 'One' } }] });
  expect(JSON.stringify(plan([given], { acceptLineItem: false }))).not.toContain('scoreMaximum');
});

test('ways of showing that the LMS does not know are left out', () => {
  const given = { ...link, iframe: { width: 1, height: 1 }, window: { targetName: 'x' } };
  const [planned] = (plan([given], { acceptTargets: ['window'] }) as { items: { item: object }[] }).items;
  expect(Object.keys(planned!.item).sort()).toEqual(['title', 'type', 'window']);
});

test.each([
  ['application/pdf', 'application/pdf', 1],
  ['application/pdf', 'image/*, Application/PDF;q=0.5', 1],
  ['image/png', 'image/*', 1],
  ['image/png', '*/*', 1],
  ['image/png', 'application/pdf', 0],
  [undefined, 'application/pdf', 1],
])('a file of type %s fits %s: %i', (mediaType, acceptMediaTypes, kept) => {
  const result = plan([{ type: 'file', url: 'https://tool.example/a', mediaType }], { acceptMediaTypes });
  expect(result).toMatchObject({ left: 1 - kept, cut: false });
});

test('only where several are not taken is the first one taken alone', () => {
  const first = plan([link, link], { acceptMultiple: false });
  expect(first).toMatchObject({ cut: true, left: 0 });
  expect((first as { items: unknown[] }).items).toHaveLength(1);
  for (const acceptMultiple of [true, undefined])
    expect(plan([link, link], { acceptMultiple })).toMatchObject({ cut: false });
  // One that is not taken anyhow does not count.
  const other = { type: 'https://tool.example/own' };
  expect(plan([other, link], { acceptMultiple: false })).toMatchObject({ cut: false, left: 1 });
});

test('a link to a host that the tool has not registered is refused', () => {
  for (const url of ['https://evil.example/', 'http://tool.example/', 'https://tool.example.evil.example/'])
    expect(plan([{ ...link, url }])).toBe('answer_item_outside_tool');
  expect(isToolAddress('blob:https://tool.example/1', tool)).toBe(true);
});

test('whatever is sent, no more goes on than came, and all of a kind that is taken', () => {
  const kinds = fc.constantFrom('ltiResourceLink', 'link', 'https://tool.example/own');
  fc.assert(
    fc.property(
      fc.array(kinds),
      fc.subarray(accepts.acceptTypes),
      fc.boolean(),
      (types, acceptTypes, acceptMultiple) => {
        const result = plan(
          types.map((type) => ({ type, url: 'https://tool.example/' })),
          { acceptTypes, acceptMultiple },
        );
        if (typeof result === 'string') throw new Error(result);
        expect(result.items.length + result.left).toBeLessThanOrEqual(types.length);
        for (const { item } of result.items) expect(acceptTypes).toContain(item.type);
        if (!acceptMultiple) expect(result.items.length).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('the LMS is not asked for what of people the tool may not know', () => {
  const custom = {
    own: 'x',
    course: '$CourseSection.title',
    full: '$Person.name.full',
    mail: '$person.email.primary',
    phone: '$Person.phone.mobile',
  };
  const askedOf = (rules: PolicyRules) => {
    const result = plan([{ ...link, custom }], {}, rules);
    if (typeof result === 'string') throw new Error(result);
    const [planned] = result.items as { item: { custom: object }; target: { custom: object } }[];
    expect(planned!.target.custom).toEqual(planned!.item.custom);
    return Object.keys(planned!.item.custom).sort();
  };
  expect(askedOf({})).toEqual(['course', 'own']);
  expect(askedOf({ launch: { 'person.name': 'allow' } })).toEqual(['course', 'full', 'own']);
  // The LMS would send the thing itself, and no hash of it.
  expect(askedOf({ launch: { 'person.name': 'hash', 'person.email': 'hash' } })).toEqual(['course', 'own']);
  expect(askedOf({ grades: { 'person.name': 'allow' } })).toEqual(['course', 'own']);
});
