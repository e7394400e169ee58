import {
  createTranslator,
  type Language,
  type Texts,
  type TextValues,
  type Translator,
} from '../../platform/i18n.ts';
import type { AssetName, Assets } from './assets.ts';
import { pageTexts } from './texts/all.ts';
import type { TextKey } from './texts/en.ts';

/** What every page needs: the reader's language, the texts in it, and the addresses of the static files. */
export interface PageEnvironment<Key extends string = TextKey> {
  readonly language: Language;
  text(key: Key, values?: TextValues): string;
  asset(name: AssetName): string;
}

/** The texts of every language, those of the launch pages among them. */
export type PageTexts<Key extends string> = Readonly<Record<Language, Texts<Key>>>;

/** Gives a request its page environment, by the reader's language. */
export type PageEnvironments<Key extends string = TextKey> = (language: Language) => PageEnvironment<Key>;

/** Makes the function that gives a request its page environment; call it once at start. */
export function createPageEnvironments(assets: Assets): PageEnvironments {
  return createEnvironmentsOf(assets, pageTexts);
}

/** The same with texts of a feature's own beside those that every page needs. */
export function createEnvironmentsOf<Key extends string>(
  assets: Assets,
  texts: PageTexts<Key>,
): PageEnvironments<Key> {
  const translator = createTranslator(texts);
  const environments = new Map<Language, PageEnvironment<Key>>();
  return (language) => {
    const environment = environments.get(language) ?? createEnvironment(language, translator, assets);
    environments.set(language, environment);
    return environment;
  };
}

function createEnvironment<Key extends string>(
  language: Language,
  translator: Translator<Key>,
  assets: Assets,
): PageEnvironment<Key> {
  // Texts without placeholders are the same each time, and every launch shows some.
  const plain = new Map<Key, string>();
  const translatePlain = (key: Key): string => {
    const text = translator.translate(language, key);
    plain.set(key, text);
    return text;
  };
  return {
    language,
    text: (key, values) =>
      values === undefined
        ? (plain.get(key) ?? translatePlain(key))
        : translator.translate(language, key, values),
    asset: (name) => assets.url(name),
  };
}
