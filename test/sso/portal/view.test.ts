import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { escapeHtml } from '../../../src/platform/html.ts';
import type { PersonRoster } from '../../../src/roster/person-roster.ts';
import { groupClasses, type PortalClass, shownRole } from '../../../src/sso/portal/classes.ts';
import { clip, type PortalTool, planView } from '../../../src/sso/portal/view.ts';

const connectionId = 'a' as ConnectionId;
const user = {
  connectionId,
  sourcedId: 'u',
  isEnabled: true,
  givenName: null,
  familyName: null,
  email: null,
};
const users: PersonRoster['users'] = [{ ...user, roles: [] }];
const row = (classId: string, title: string | null, more: object = {}): PersonRoster['classes'][number] => ({
  ...{ connectionId, classId, title, classCode: null, schoolId: null, schoolName: null },
  ...{ role: 'student', isPrimary: true, ...more },
});
const group = (...classes: PersonRoster['classes']) => groupClasses({ users, classes }, 'en');
const some = (count: number): PortalClass[] =>
  group(...Array.from({ length: count }, (_, index) => row(`c${index}`, `Class ${index}`)));
const tools = (count: number): PortalTool[] =>
  Array.from({ length: count }, (_, index) => ({ toolId: `tool-${index}`, name: `Tool ${index}` }));
const first = { tools: false, page: 1 };

test('a class is there once, with every role in it', () => {
  expect(group(row('1', 'Art'), row('1', 'Art', { role: 'aide' }))).toMatchObject([
    { title: 'Art', roles: ['student', 'aide'] },
  ]);
});

test('classes are in the reader’s order, numbers by their size', () => {
  const titles = group(row('1', 'Class 10'), row('2', 'class 9'), row('3', 'Ärzte'), row('4', 'Zoo'));
  expect(titles.map(({ title }) => title)).toEqual(['Ärzte', 'class 9', 'Class 10', 'Zoo']);
});

test('a class without a title is called by its code, and without either by its id', () => {
  const found = group(
    row('1', ' ', { classCode: 'M1' }),
    row('2', null),
    row('3', 'M1', { classCode: 'M1' }),
  );
  expect(found.map(({ title, code }) => [title, code])).toEqual([
    ['2', undefined],
    ['M1', undefined],
    ['M1', undefined],
  ]);
});

test('classes of one id in two rosters are two', () => {
  const other = 'b' as ConnectionId;
  const both = groupClasses(
    {
      users: [...users, { ...user, connectionId: other, roles: [] }],
      classes: [row('1', 'Art'), row('1', 'Art', { connectionId: other })],
    },
    'en',
  );
  expect(new Set(both.map(({ key }) => key)).size).toBe(2);
});

test('a roster in which the person may not sign in shows no class, nor does one whose id no tool could take', () => {
  const off = { users: [{ ...user, isEnabled: false, roles: [] }], classes: [row('1', 'Art')] };
  expect(groupClasses(off, 'en')).toEqual([]);
  expect(group(row('x'.repeat(256), 'Art'))).toEqual([]);
});

test('few classes and tools are shown at once', () => {
  const content = { classes: some(8), tools: tools(5) };
  expect(planView(content, first)).toEqual({ kind: 'all', ...content });
});

test.each([
  [some(60), tools(10)],
  [some(200), tools(0)],
  [some(10), tools(30)],
])('many are shown class by class', (classes, all) => {
  const view = planView({ classes, tools: all }, first);
  expect(view).toMatchObject({ kind: 'classes', list: { page: 1, pages: Math.ceil(classes.length / 25) } });
  const { key } = classes[3]!;
  expect(planView({ classes, tools: all }, { ...first, class: key })).toMatchObject({
    kind: 'class',
    of: { key },
  });
});

test('very many tools without a class come page by page', () => {
  expect(planView({ classes: [], tools: tools(76) }, { ...first, page: 9 })).toMatchObject({
    kind: 'tools',
    list: { page: 4, pages: 4, items: [{ toolId: 'tool-75' }] },
  });
});

test('a class that is not among the person’s is none', () => {
  expect(planView({ classes: some(2), tools: tools(1) }, { ...first, class: 'other' }).kind).toBe('all');
});

test('every class and every tool is on some page, whatever their number', () => {
  fc.assert(
    fc.property(fc.nat(150), fc.nat(100), (classCount, toolCount) => {
      const content = { classes: some(classCount), tools: tools(toolCount) };
      const view = planView(content, first);
      if (view.kind === 'all') return;
      const seen: unknown[] = [];
      const count = 'list' in view ? view.list.pages : 0;
      for (let page = 1; page <= count; page += 1) {
        const next = planView(content, { ...first, page });
        if ('list' in next) seen.push(...next.list.items);
      }
      expect(seen).toEqual(view.kind === 'classes' ? content.classes : content.tools);
    }),
    { numRuns: 50 },
  );
});

test('a long name is cut between characters', () => {
  expect(clip('a'.repeat(80))).toBe('a'.repeat(80));
  expect(clip('a'.repeat(81))).toBe(`${'a'.repeat(79)}…`);
  const cut = clip('😀'.repeat(90));
  expect([cut.isWellFormed(), cut.endsWith('😀…')]).toEqual([true, true]);
  // A name is no way to make the page long.
  expect(Buffer.byteLength(escapeHtml(clip('"'.repeat(80))))).toBeLessThan(250);
});

test.each([
  ['student', 'student'],
  ['teacher', 'teacher'],
  ['parent', 'guardian'],
  ['proctor', 'staff'],
  ['toString', 'staff'],
])('%s is shown as %s', (role, shown) => {
  expect(shownRole(role)).toBe(shown);
});
