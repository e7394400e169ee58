import fc from 'fast-check';
import { expect, test } from 'vitest';
import { languages } from '../../../src/platform/i18n.ts';
import { portalSamples, signInEnvironments } from './portal-samples.ts';

const names = Object.keys(portalSamples('')).sort();

function render(name: string, value: string, language: (typeof languages)[number] = 'en'): string {
  const page = portalSamples(value)[name];
  if (page === undefined) throw new Error(`no sample ${name}`);
  return page(signInEnvironments(language)).text;
}

/** The page without its attribute values and texts: what a browser takes for markup. */
const skeleton = (page: string) => page.replace(/"[^"]*"/g, '""').replace(/>[^<]*</g, '><');

test.each(names)('%s keeps its markup whatever names a roster has', (name) => {
  const expected = skeleton(render(name, 'plain'));
  const hostile = fc.string({ unit: fc.constantFrom(...'<>"\'&/ =x\n'), maxLength: 8 });
  fc.assert(
    fc.property(hostile, (value) => {
      expect(skeleton(render(name, value))).toBe(expected);
    }),
    { numRuns: 40 },
  );
});

test.each(names)('%s is under 30 kB in every language, however long and wide the names are', (name) => {
  for (const value of [
    'Biology 9, section B',
    'x'.repeat(300),
    '"'.repeat(300),
    '한'.repeat(300),
    '😀'.repeat(300),
  ]) {
    for (const language of languages) {
      const size = Buffer.byteLength(render(name, value, language));
      expect([value.slice(0, 3), size < 30_000 ? 'fits' : size]).toEqual([value.slice(0, 3), 'fits']);
    }
  }
});

test.each(names)('%s needs no script and has nothing inline', (name) => {
  expect(render(name, 'plain')).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:/i);
});

test('a button’s name for those who hear it has what those who see it read', () => {
  for (const name of ['few', 'full', 'class', 'tools']) {
    for (const language of languages) {
      const buttons = [...render(name, 'Fractions', language).matchAll(/aria-label="([^"]*)">([^<]*)</g)];
      expect(buttons.length).toBeGreaterThan(0);
      for (const [, label, shown] of buttons) expect(label).toContain(shown);
    }
  }
});
