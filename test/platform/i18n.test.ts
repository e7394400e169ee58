import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseLanguage, createTranslator, directionOf, languages } from '../../src/platform/i18n.ts';

const hello = {
  en: 'Hello {{name}}',
  es: 'Hola {{name}}',
  fr: 'Bonjour {{name}}',
  de: 'Hallo {{name}}',
  ar: 'مرحبا {{name}}',
};
const texts = Object.fromEntries(languages.map((language) => [language, { hello: hello[language] }]));
const translator = createTranslator<'hello'>(texts as Parameters<typeof createTranslator<'hello'>>[0]);

test('a text is translated with its placeholders filled, in each language by itself', () => {
  expect(translator.translate('de', 'hello', { name: 'Ada' })).toBe('Hallo Ada');
  expect(translator.translate('en', 'hello', { name: 'Ada' })).toBe('Hello Ada');
});

test('a value is data: nothing in it is read as a placeholder, a reference or markup', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('{{name}}', '$t(hello)', '<b>&amp;')), (name) => {
      expect(translator.translate('en', 'hello', { name })).toBe(`Hello ${name}`);
    }),
  );
});

test('an unknown key throws rather than showing itself to a person', () => {
  expect(() => translator.translate('en', 'toString' as 'hello')).toThrow(/No text "toString"/);
});

test('the launch’s locale goes before the browser’s wishes', () => {
  expect(chooseLanguage({ localeClaim: 'es_MX', acceptLanguage: 'de' })).toBe('es');
});

test('the browser’s wishes count by weight, and a weight of zero means never', () => {
  expect(chooseLanguage({ acceptLanguage: 'de;q=0.4, fr-CA;q=0.9, en;q=0.5' })).toBe('fr');
  expect(chooseLanguage({ acceptLanguage: 'fr;q=0, ar' })).toBe('ar');
});

test('a locale that no text has falls to the next wish and at last to English', () => {
  expect(chooseLanguage({ localeClaim: 'tlh', acceptLanguage: 'xx, de-AT' })).toBe('de');
  expect(chooseLanguage({})).toBe('en');
});

test('any header gives a language', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (localeClaim, acceptLanguage) => {
      expect(languages).toContain(chooseLanguage({ localeClaim, acceptLanguage }));
    }),
  );
});

test('Arabic is written from right to left', () => {
  expect(languages.filter((language) => directionOf(language) === 'rtl')).toEqual(['ar']);
});
