import { type ReactNode, startTransition, use, useEffect, useMemo } from 'react';
import { useStored } from '../parts/stored.ts';
import { chooseRegion, createFormats } from './formats.ts';
import { LanguageContext } from './language.ts';
import { chooseLanguage, createTranslate, createWord, type Language, type Texts } from './translate.ts';

/** Holds the language in force: what the viewer chose, else what the browser asks for. */
export function LanguageProvider({
  textsOf,
  children,
}: {
  textsOf: (language: Language) => Promise<Texts>;
  children: ReactNode;
}) {
  const [stored, setStored] = useStored('language', '');
  const language = chooseLanguage([stored, ...navigator.languages]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const texts = use(textsOf(language));
  const state = useMemo(() => {
    const text = createTranslate(language, texts);
    // Days and numbers as the viewer's own region writes them, where it speaks the language in force.
    const region = chooseRegion(navigator.languages, language);
    return { language, text, word: createWord(text), ...createFormats(region) };
  }, [language, texts]);
  // What is on screen stays until the texts of the other language are there.
  const setLanguage = (chosen: Language) => startTransition(() => setStored(chosen));
  return <LanguageContext value={{ ...state, setLanguage }}>{children}</LanguageContext>;
}
