import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseTool } from '../../../src/lti/inbound/choose-tool.ts';
import { isInsideTool, parseTarget } from '../../../src/lti/inbound/target.ts';
import type { EnabledTool } from '../../../src/tools/tool.ts';

const hub = 'https://hub.example';
const tool = 'https://tool.example/start';
const none = { toolSlug: undefined, to: undefined };

test('links of a school name a tool, or none', () => {
  expect(parseTarget(`${hub}/t/north/open/quiz`, hub, 'north')).toEqual({ toolSlug: 'quiz', to: undefined });
  expect(parseTarget(`${hub}/open/quiz?to=https%3A%2F%2Fx`, hub, 'north')).toEqual({
    toolSlug: 'quiz',
    to: 'https://x',
  });
  expect(parseTarget(`${hub}/t/north/lti/launch`, hub, 'north')).toEqual(none);
});

test('a hub-wide launch knows the links without a school only', () => {
  expect(parseTarget(`${hub}/lti/launch`, hub, undefined)).toEqual(none);
  expect(parseTarget(`${hub}/t/north/open/quiz`, hub, undefined)).toBeUndefined();
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
  expect(parseTarget(uri, hub, 'north')).toBeUndefined();
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
      parseTarget(uri, hub, 'north');
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
