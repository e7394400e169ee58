import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseTool } from '../../../src/lti/inbound/choose-tool.ts';
import { isInsideTool, parseTarget } from '../../../src/lti/inbound/target.ts';
import type { EnabledTool } from '../../../src/tools/tool.ts';

const hub = 'https://hub.example';
const north = { baseUrl: hub, tenantSlug: 'north' };
const tool = 'https://tool.example/start';
const none = { toolSlug: undefined, to: undefined };

test('links of a school name a tool, or none', () => {
  expect(parseTarget(`${hub}/t/north/open/quiz`, north)).toEqual({ toolSlug: 'quiz', to: undefined });
  expect(parseTarget(`${hub}/open/quiz?to=https%3A%2F%2Fx`, north)).toEqual({
    toolSlug: 'quiz',
    to: 'https://x',
  });
  expect(parseTarget(`${hub}/t/north/lti/launch`, north)).toEqual(none);
});

test('a hub-wide launch knows the links without a school only', () => {
  expect(parseTarget(`${hub}/lti/launch`, { ...north, tenantSlug: undefined })).toEqual(none);
  expect(parseTarget(`${hub}/t/north/open/quiz`, { ...north, tenantSlug: undefined })).toBeUndefined();
});

test('under the school’s own domain links name no school, and those made before still open', () => {
  const place = { ...north, domains: ['old.north.example', 'lti.north.example'] };
  const own = 'https://lti.north.example';
  expect(parseTarget(`${own}/open/quiz`, place)).toEqual({ toolSlug: 'quiz', to: undefined });
  expect(parseTarget(`${own}/lti/launch`, place)).toEqual(none);
  expect(parseTarget('https://old.north.example/open/quiz', place)).toMatchObject({ toolSlug: 'quiz' });
  expect(parseTarget(`${hub}/t/north/open/quiz`, place)).toMatchObject({ toolSlug: 'quiz' });
  for (const uri of [
    `${own}/t/south/open/quiz`,
    'http://lti.north.example/open/quiz',
    'https://lti.north.example:444/open/quiz',
    'https://lti.south.example/open/quiz',
  ])
    expect(parseTarget(uri, place)).toBeUndefined();
  expect(parseTarget(`${own}/open/quiz`, north)).toBeUndefined();
});

test.each([
  'https://hub.example.attacker.example/t/north/open/quiz',
  'https://hub.example@attacker.example/t/north/open/quiz',
  'http://hub.example/t/north/open/quiz',
  'https://hub.example:444/t/north/open/quiz',
  'blob:https://hub.example/t/north/open/quiz',
  `${hub}/t/south/open/quiz`,
  `${hub}/t/north/open/quiz/more`,
  `${hub}/t/north/open/Quiz`,
  `${hub}/t/north/open/`,
  `${hub}/T/north/open/quiz`,
  `${hub}//t/north/open/quiz`,
  'not a link',
  '',
])('%s is no link of this school', (uri) => {
  expect(parseTarget(uri, north)).toBeUndefined();
});

test.each([
  ['https://tool.example/units?x=1#y', true],
  ['https://tool.example:443/', true],
  ['http://tool.example/', false],
  ['https://tool.example:444/', false],
  ['https://tool.example.attacker.example/', false],
  ['https://tool.example@attacker.example/', false],
  ['blob:https://tool.example/id', false],
  ['javascript:alert(1)', false],
  ['/units', false],
  ['', false],
])('%s lies inside the tool: %s', (to, inside) => {
  expect(isInsideTool(to, tool)).toBe(inside);
});

test('whatever a link says, reading it is no fault, and what is read stays with the hub and the tool', () => {
  const text = fc.oneof(fc.string(), fc.webUrl(), fc.constant(`${hub}/t/north/open/quiz?to=`));
  fc.assert(
    fc.property(text, fc.string(), (uri, to) => {
      parseTarget(uri, north);
      return !isInsideTool(to, tool) || new URL(to).host === 'tool.example';
    }),
  );
});

const enabled = (slug: string) =>
  ({ tool: { slug, targetLinkUri: `https://${slug}.example/` } }) as unknown as EnabledTool;
const [quiz, lab] = [enabled('quiz'), enabled('lab')];

test('a name chooses its tool; without one a sole tool is meant', () => {
  expect(chooseTool([quiz, lab], { toolSlug: 'lab', to: undefined })).toMatchObject({ enabled: lab });
  expect(chooseTool([quiz], none)).toMatchObject({ enabled: quiz, target: 'https://quiz.example/' });
  expect(chooseTool([quiz, lab], none)).toEqual({ ok: false, reason: 'tool_ambiguous' });
  expect(chooseTool([], none)).toEqual({ ok: false, reason: 'tool_not_enabled' });
  expect(chooseTool([quiz], { toolSlug: 'lab', to: undefined })).toEqual({
    ok: false,
    reason: 'tool_not_enabled',
  });
  expect(chooseTool([quiz], undefined)).toEqual({ ok: false, reason: 'target_unknown' });
});

test('a place is taken inside the chosen tool only', () => {
  expect(chooseTool([quiz, lab], { toolSlug: 'lab', to: 'https://lab.example/7' })).toMatchObject({
    target: 'https://lab.example/7',
  });
  expect(chooseTool([quiz, lab], { toolSlug: 'lab', to: 'https://quiz.example/7' })).toEqual({
    ok: false,
    reason: 'target_unknown',
  });
});

test.each([
  ['https://lab.example/7?a=ü#top', 'https://lab.example/7?a=ü#top'],
  ['https://lab.example/\0x', 'https://lab.example/%00x'],
  [' https://lab.example/a b\r\n', 'https://lab.example/a%20b'],
  ['https://lab.example\\@attacker.example/', 'https://lab.example/@attacker.example/'],
  ['https://attacker.example\n@lab.example/', 'https://attacker.example@lab.example/'],
])('a place goes on as it was compared where programs would read it differently: %j', (to, target) => {
  expect(chooseTool([lab], { toolSlug: 'lab', to })).toMatchObject({ ok: true, target });
});
