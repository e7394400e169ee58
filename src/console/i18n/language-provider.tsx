import { type ReactNode, useEffect, useMemo } from 'react';
import { useStored } from '../parts/stored.ts';
import { chooseRegion, createFormats } from './formats.ts';
import { createWord, LanguageContext } from './language.ts';
import { chooseLanguage, createTranslate, type Language } from './translate.ts';

/** Holds the language in force: what the viewer chose, else what the browser asks for. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [stored, setStored] = useStored('language', '');
  const language = chooseLanguage([stored, ...navigator.languages]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const state = useMemo(() => {
    const text = createTranslate(language);
    // Days and numbers as the viewer's own region writes them, where it speaks the language in force.
    const region = chooseRegion(navigator.languages, language);
    return { language, text, word: createWord(text), ...createFormats(region) };
  }, [language]);
  const setLanguage = (chosen: Language) => setStored(chosen);
  return <LanguageContext value={{ ...state, setLanguage }}>{children}</LanguageContext>;
}
