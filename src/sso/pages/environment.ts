import type { Assets } from '../../lti/pages/assets.ts';
import {
  createEnvironmentsOf,
  type PageEnvironment,
  type PageEnvironments,
} from '../../lti/pages/environment.ts';
import { pageTexts } from '../../lti/pages/texts/all.ts';
import type { TextKey } from '../../lti/pages/texts/en.ts';
import { ar } from './texts/ar.ts';
import { de } from './texts/de.ts';
import { en, type SignInTextKey } from './texts/en.ts';
import { es } from './texts/es.ts';
import { fr } from './texts/fr.ts';

type Key = TextKey | SignInTextKey;

/** What pages of signing in and of the portal need. */
export type SignInPage = PageEnvironment<Key>;

/** Gives a request its page environment; call it once at start. */
export function createSignInPages(assets: Assets): PageEnvironments<Key> {
  return createEnvironmentsOf(assets, {
    en: { ...pageTexts.en, ...en },
    es: { ...pageTexts.es, ...es },
    fr: { ...pageTexts.fr, ...fr },
    de: { ...pageTexts.de, ...de },
    ar: { ...pageTexts.ar, ...ar },
  });
}
