import { createTranslator, type Language, type TextValues, type Translator } from '../../platform/i18n.ts';
import type { AssetName, Assets } from './assets.ts';
import { pageTexts } from './texts/all.ts';
import type { TextKey } from './texts/en.ts';

/** What every page needs: the reader's language, the texts in it, and the addresses of the static files. */
export interface PageEnvironment {
  readonly language: Language;
  text(key: TextKey, values?: TextValues): string;
  asset(name: AssetName): string;
}

/** Makes the function that gives a request its page environment; call it once at start. */
export function createPageEnvironments(assets: Assets): (language: Language) => PageEnvironment {
  const translator = createTranslator(pageTexts);
  const environments = new Map<Language, PageEnvironment>();
  return (language) => {
    const environment = environments.get(language) ?? createEnvironment(language, translator, assets);
    environments.set(language, environment);
    return environment;
  };
}

function createEnvironment(
  language: Language,
  translator: Translator<TextKey>,
  assets: Assets,
): PageEnvironment {
  // Texts without placeholders are the same each time, and every launch shows some.
  const plain = new Map<TextKey, string>();
  const translatePlain = (key: TextKey): string => {
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
