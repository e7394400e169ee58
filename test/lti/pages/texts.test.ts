import { expect, test } from 'vitest';
import { pageTexts } from '../../../src/lti/pages/texts/all.ts';
import { en, type TextKey } from '../../../src/lti/pages/texts/en.ts';
import { languages } from '../../../src/platform/i18n.ts';

const keys = Object.keys(en).sort() as TextKey[];
const others = languages.filter((language) => language !== 'en');

function placeholders(text: string): string[] {
  return (text.match(/\{\{.*?\}\}/g) ?? []).sort();
}

test.each(others)('%s has every key of English and no other', (language) => {
  expect(Object.keys(pageTexts[language]).sort()).toEqual(keys);
});

test.each(others)('%s has the same placeholders as English in every text', (language) => {
  for (const key of keys) {
    expect([key, ...placeholders(pageTexts[language][key])]).toEqual([key, ...placeholders(en[key])]);
  }
});

test.each(languages)('%s has no empty text and none with stray white space', (language) => {
  for (const key of keys) {
    const text = pageTexts[language][key];
    expect([key, text]).toEqual([key, text.trim()]);
    expect(text, key).not.toBe('');
  }
});

test.each(others)('%s leaves no text in English', (language) => {
  const same = keys.filter((key) => pageTexts[language][key] === en[key]);
  expect(same).toEqual([]);
});

test.each(languages)('%s speaks to people without the protocol’s words', (language) => {
  const words = /\b(LTI|OIDC|LMS|JWT|JWKS|token|nonce|deployment|issuer|claim|cookie|iframe|redirect)\b/i;
  expect(keys.filter((key) => words.test(pageTexts[language][key]))).toEqual([]);
});
