import type { Language, Texts } from '../../../platform/i18n.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en, type TextKey } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';

/** The texts of the launch pages in every language. */
export const pageTexts: Readonly<Record<Language, Texts<TextKey>>> = { en, es, fr, de, ar };
