import { createInstance } from 'i18next';
import { en } from './en/en.ts';

/** Languages of the console, by their BCP 47 tags, with the names their readers give them. */
export const languages = { en: 'English', es: 'Español' } as const;
export type Language = keyof typeof languages;

type Singular<Key> = Key extends `${infer Base}_${'one' | 'other'}` ? Base : Key;
/** A text; those that count something have a form for one and for others, told apart by `count`. */
export type TextKey = Singular<keyof typeof en>;
export type TextValues = Readonly<Record<string, string | number>>;
/** The text in the language in force, with its placeholders filled. */
export type Translate = (key: TextKey, values?: TextValues) => string;

/** Every text of one language by its key, with the forms that numbers take. */
export type Texts = Readonly<Record<string, string | undefined>>;

/** Loads the texts of a language, each once: whoever reads one needs no other. */
export function createTextSource(): (language: Language) => Promise<Texts> {
  const load = async (language: Language): Promise<Texts> =>
    language === 'es' ? (await import('./es/es.ts')).es : en;
  const loaded = new Map<Language, Promise<Texts>>();
  return (language) => {
    // Without them the console still works, in English.
    const texts = loaded.get(language) ?? load(language).catch(() => en);
    loaded.set(language, texts);
    return texts;
  };
}

/** Makes the texts of one language. */
export function createTranslate(language: Language, texts: Texts): Translate {
  const instance = createInstance();
  void instance.init({
    initAsync: false,
    resources: { [language]: { translation: texts } },
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

/** The same, also where the text has forms for numbers. */
export function hasCountedText(key: string): boolean {
  return hasText(key) || hasText(`${key}_other`);
}

/** Finds words for codes of the hub by their prefix; the code itself where this page knows none. */
export function createWord(text: Translate): (prefix: string, code: string) => string {
  return (prefix, code) => {
    const key = `${prefix}.${code}`;
    return hasText(key) ? text(key) : code.replaceAll('_', ' ');
  };
}

/** The language of ours that a browser asks for first. */
export function chooseLanguage(wishes: readonly string[]): Language {
  const known = wishes.map((wish) => wish.toLowerCase().split('-')[0]);
  return known.find((wish): wish is Language => wish !== undefined && wish in languages) ?? 'en';
}
