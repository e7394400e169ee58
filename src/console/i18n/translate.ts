import { createInstance } from 'i18next';
import { en } from './en/en.ts';
import { es } from './es/es.ts';

/** Languages of the console, by their BCP 47 tags, with the names their readers give them. */
export const languages = { en: 'English', es: 'Español' } as const;
export type Language = keyof typeof languages;

type Singular<Key> = Key extends `${infer Base}_${'one' | 'other'}` ? Base : Key;
/** A text; those that count something have a form for one and for others, told apart by `count`. */
export type TextKey = Singular<keyof typeof en>;
export type TextValues = Readonly<Record<string, string | number>>;
/** The text in the language in force, with its placeholders filled. */
export type Translate = (key: TextKey, values?: TextValues) => string;

/** Makes the texts of one language. */
export function createTranslate(language: Language): Translate {
  const instance = createInstance();
  void instance.init({
    initAsync: false,
    resources: { en: { translation: en }, es: { translation: es } },
    lng: language,
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    // React escapes.
    interpolation: { escapeValue: false },
  });
  return (key, values = {}) => instance.t(key, { ...values });
}

/** Whether there is a text of this name: codes come from the hub, which may be newer than this page. */
export function hasText(key: string): key is TextKey {
  return Object.hasOwn(en, key);
}

/** The language of ours that a browser asks for first. */
export function chooseLanguage(wishes: readonly string[]): Language {
  const known = wishes.map((wish) => wish.toLowerCase().split('-')[0]);
  return known.find((wish): wish is Language => wish !== undefined && wish in languages) ?? 'en';
}
