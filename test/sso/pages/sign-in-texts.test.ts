import { expect, test } from 'vitest';
import { languages } from '../../../src/platform/i18n.ts';
import { ldapReason, ldapReasons } from '../../../src/sso/ldap/reasons.ts';
import { ar } from '../../../src/sso/pages/texts/ar.ts';
import { de } from '../../../src/sso/pages/texts/de.ts';
import { en, type SignInTextKey } from '../../../src/sso/pages/texts/en.ts';
import { es } from '../../../src/sso/pages/texts/es.ts';
import { fr } from '../../../src/sso/pages/texts/fr.ts';
import { sharedReasons } from '../../../src/sso/reasons/every-way.ts';
import { signInReason } from '../../../src/sso/reasons.ts';

const texts: Record<(typeof languages)[number], Record<SignInTextKey, string>> = { en, es, fr, de, ar };
const keys = Object.keys(en).sort() as SignInTextKey[];
const others = languages.filter((language) => language !== 'en');

function placeholders(text: string): string[] {
  return (text.match(/\{\{.*?\}\}/g) ?? []).sort();
}

test.each(others)('%s has every key of English, with the same placeholders, and no other', (language) => {
  expect(Object.keys(texts[language]).sort()).toEqual(keys);
  for (const key of keys) {
    expect([key, ...placeholders(texts[language][key])]).toEqual([key, ...placeholders(en[key])]);
  }
});

test.each(others)('%s leaves no text in English, nor empty, nor with stray white space', (language) => {
  expect(keys.filter((key) => texts[language][key] === en[key])).toEqual([]);
  for (const key of keys) {
    const text = texts[language][key];
    expect([key, text.length > 0, text]).toEqual([key, true, text.trim()]);
  }
});

test.each(languages)('%s speaks to people without the protocols’ words', (language) => {
  const words =
    /\b(SAML|OIDC|OpenID|LDAP|LTI|LMS|assertion|token|issuer|claim|cookie|bind|redirect|IdP|server)\b/i;
  const spoken = keys.filter((key) => !key.startsWith('signIn.helpDesk'));
  expect(spoken.filter((key) => words.test(texts[language][key]))).toEqual([]);
});

test('every reason has words for the person, the help desk and the engineer, and says what decides', () => {
  const reasons = [
    ...ldapReasons.map((code) => ({ ...ldapReason(code), found: signInReason('ldap', code) })),
    ...Object.entries(sharedReasons).map(([code, entry]) => ({
      code,
      ...entry,
      found: signInReason('oidc', code),
    })),
  ];
  expect(reasons.length).toBeGreaterThan(40);
  for (const { code, texts: group, advice, helpDesk, specification, found } of reasons) {
    expect(found.code).toBe(code);
    for (const part of ['title', 'happened', 'next'])
      expect(en).toHaveProperty([`signIn.reason.${group}.${part}`]);
    for (const text of [advice, helpDesk, specification])
      expect([code, text.length > 8]).toEqual([code, true]);
  }
});

test('what a stranger reads is the same whether or not there is such a user', () => {
  const stranger = [
    'user_unknown',
    'password_wrong',
    'user_ambiguous',
    'account_locked',
    'bind_refused',
    'person_limited',
  ] as const;
  expect(new Set(stranger.map((code) => ldapReason(code).texts))).toEqual(new Set(['credentials']));
});
