import { expect, test } from 'vitest';
import { en } from '../../../src/console/i18n/en/en.ts';
import { es } from '../../../src/console/i18n/es/es.ts';
import { chooseRegion, createFormats } from '../../../src/console/i18n/formats.ts';
import { chooseLanguage, createTranslate } from '../../../src/console/i18n/translate.ts';

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

test('every text has the same placeholders in every language', () => {
  const differing = Object.entries(en).filter(
    ([key, text]) => `${placeholders(text)}` !== `${placeholders(es[key as keyof typeof en])}`,
  );
  expect(differing).toEqual([]);
});

test('texts that count follow the number', () => {
  const text = createTranslate('en', en);
  expect([text('table.rows', { count: 1 }), text('table.rows', { count: 2 })]).toEqual(['1 row', '2 rows']);
});

test('in every language there is a form for every number, a million too', () => {
  expect(createTranslate('es', es)('table.rows', { count: 1_000_000 })).toBe('1000000 filas');
});

test('the browser’s first wish that there is a language for counts, else English', () => {
  expect(chooseLanguage(['', 'fr-FR', 'es-MX', 'en'])).toBe('es');
  expect(chooseLanguage(['fr'])).toBe('en');
});

test('what a browser gives that is no language tag is passed over', () => {
  expect(chooseRegion(['en-US@posix', 'en-GB'], 'en')).toBe('en-GB');
  expect(chooseRegion(['en-US@posix'], 'en')).toBe('en');
});

test('lengths of time are told in their largest fitting unit', () => {
  const { duration } = createFormats('en');
  expect([450, 1_500, 90_000, 5_400_000, 3 * 86_400_000].map(duration)).toEqual([
    '450 ms',
    '1.5 sec',
    '1.5 min',
    '1.5 hr',
    '3 days',
  ]);
});
