import { createContext, use } from 'react';
import type { Formats } from './formats.ts';
import type { Language, Translate } from './translate.ts';

export interface LanguageState extends Formats {
  readonly language: Language;
  setLanguage(language: Language): void;
  readonly text: Translate;
  /** The text of a code from the hub; the code itself where this page knows none. */
  word(prefix: string, code: string): string;
}

export const LanguageContext = createContext<LanguageState | undefined>(undefined);

/** Texts and formats of the language in force. */
export function useLanguage(): LanguageState {
  const state = use(LanguageContext);
  if (state === undefined) throw new Error('There is no language above this component');
  return state;
}
