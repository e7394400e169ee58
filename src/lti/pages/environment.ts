import { createTranslator, type Language, type TextValues } from '../../platform/i18n.ts';
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
  return (language) => ({
    language,
    text: (key, values) => translator.translate(language, key, values),
    asset: (name) => assets.url(name),
  });
}
