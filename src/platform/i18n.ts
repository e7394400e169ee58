import { createInstance } from 'i18next';
import { DomainError } from './errors.ts';

/** BCP 47 tags of the languages people can be met in. The first one is used when none fits. */
export const languages = ['en', 'es', 'fr', 'de', 'ar'] as const;
export type Language = (typeof languages)[number];

/** Flat texts by key; `{{name}}` marks a placeholder. */
export type Texts<Key extends string = string> = Readonly<Record<Key, string>>;

/** Values for the placeholders of one text. */
export type TextValues = Readonly<Record<string, string | number>>;

export interface Translator<Key extends string = string> {
  /**
   * The text in that language with its placeholders filled. The result is plain text: it still has to
   * be escaped for HTML (the `html` tag does). Throws `internal/text_missing` for an unknown key.
   */
  translate(language: Language, key: Key, values?: TextValues): string;
}

/** Makes a translator of its own over complete texts: every language has every key. */
export function createTranslator<Key extends string>(
  texts: Readonly<Record<Language, Texts<Key>>>,
): Translator<Key> {
  const instance = createInstance();
  void instance.init({
    // Texts are at hand, so that the first translation already finds them.
    initAsync: false,
    resources: Object.fromEntries(languages.map((language) => [language, { translation: texts[language] }])),
    lng: languages[0],
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
  const fixed = new Map(languages.map((language) => [language, instance.getFixedT(language)]));
  return {
    translate(language, key, values = {}) {
      const translateFixed = fixed.get(language);
      if (translateFixed === undefined || !Object.hasOwn(texts[language], key)) {
        throw new DomainError('internal', 'text_missing', `No text "${key}" in "${language}".`);
      }
      return translateFixed(key as string, { ...values });
    },
  };
}

/** The writing direction, as the `dir` attribute of HTML wants it. */
export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** What a request says about the language its person reads. */
export interface LanguageWishes {
  /** The `locale` claim of a launch (OpenID Connect Core 5.1; some LMSs write `es_ES`). */
  localeClaim?: string | undefined;
  /** The Accept-Language header (RFC 9110 section 12.5.4). */
  acceptLanguage?: string | undefined;
  /** Where neither names a language we have. */
  fallback?: string | undefined;
}

/** Chooses by the launch's locale, then by the browser's wishes by weight, then the fallback, then English. */
export function chooseLanguage(wishes: LanguageWishes): Language {
  const { localeClaim = '', acceptLanguage = '', fallback = '' } = wishes;
  const tags = [localeClaim, ...parseAcceptLanguage(acceptLanguage), fallback];
  for (const tag of tags) {
    const language = findLanguage(tag);
    if (language !== undefined) return language;
  }
  return languages[0];
}

function findLanguage(tag: string): Language | undefined {
  // RFC 4647 section 3.4 (lookup), down to the primary subtag: there is one text per language.
  const primary = tag.trim().toLowerCase().split(/[-_]/, 1)[0];
  return languages.find((language) => language === primary);
}

function parseAcceptLanguage(header: string): string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';');
      const weight = parameters
        .map((part) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/i.exec(part)?.[1])
        .find(Boolean);
      return { tag, weight: Number(weight ?? 1) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((left, right) => right.weight - left.weight)
    .map(({ tag }) => tag);
}
