import type { Kind } from '../../../contracts/roster.ts';

/** What becomes of a value. A rejected one is emptied, or takes its row with it, as the profile and the column say. */
export type Verdict =
  | { verdict: 'clean' }
  | { verdict: 'repaired'; value: string; code: string }
  | { verdict: 'rejected'; code: string };

type Profile = 'strict' | 'tolerant';

/**
 * Decides a value of a kind of which there are few different ones. The strict profile repairs nothing (OneRoster 1.2 CSV
 * §1.4: what a value must look like).
 */
export function decideValue(kind: Kind, raw: string, profile: Profile): Verdict {
  const found = decideRepair(kind, raw.trim());
  if (found.verdict === 'clean' && found.value === raw) return { verdict: 'clean' };
  if (found.verdict === 'rejected') return found;
  const code = found.verdict === 'clean' ? 'text_trimmed' : found.code;
  if (profile === 'strict') return { verdict: 'rejected', code };
  return { verdict: 'repaired', value: found.value, code };
}

type Repair =
  | { verdict: 'clean'; value: string }
  | { verdict: 'repaired'; value: string; code: string }
  | { verdict: 'rejected'; code: string };

function decideRepair(kind: Kind, value: string): Repair {
  switch (kind.is) {
    case 'oneOf':
      return decideWord(kind.values, value);
    case 'date':
      return decideDate(value);
    case 'boolean':
      return decideBoolean(value);
    case 'year':
      return decideYear(value);
    case 'number':
      return decideNumber(value);
    default:
      return { verdict: 'clean', value };
  }
}

/** Letters only, in lower case: `Fully_Graded` is `fully graded`. */
const folded = (word: string) => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function decideWord(words: readonly string[], value: string): Repair {
  // A vocabulary is extended by such words (OneRoster 1.2 §5).
  if (words.includes(value) || /^ext:./.test(value)) return { verdict: 'clean', value };
  const meant = words.find((word) => folded(word) === folded(value));
  if (meant === undefined) return { verdict: 'rejected', code: 'word_unknown' };
  return { verdict: 'repaired', value: meant, code: 'word_spelling' };
}

function decideDate(value: string): Repair {
  const clean = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (clean !== null) return dated(value, clean[1], clean[2], clean[3]) ?? impossible;
  const moment = /^(\d{4})-(\d{2})-(\d{2})[T ]\d{2}:\d{2}/.exec(value);
  if (moment !== null) return dated(value, moment[1], moment[2], moment[3]) ?? impossible;
  const yearFirst = /^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})$/.exec(value);
  const separated = /^\d{8}$|^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$/.test(value);
  if (yearFirst !== null && separated) {
    return dated(value, yearFirst[1], yearFirst[2], yearFirst[3]) ?? impossible;
  }
  const yearLast = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(value);
  if (yearLast === null) return { verdict: 'rejected', code: 'date_unreadable' };
  const [first = '', second = '', year = ''] = yearLast.slice(1);
  const monthFirst = dated(value, year, first, second);
  const dayFirst = dated(value, year, second, first);
  if (monthFirst === undefined) return dayFirst ?? impossible;
  // 1/05/2023 is two days: a guess would be wrong without anybody noticing.
  if (dayFirst !== undefined && dayFirst.value !== monthFirst.value) {
    return { verdict: 'rejected', code: 'date_ambiguous' };
  }
  return monthFirst;
}

const impossible: Repair = { verdict: 'rejected', code: 'date_impossible' };

/** The day as it should be written; undefined where there is no such day. */
function dated(raw: string, year = '', month = '', day = ''): Extract<Repair, { value: string }> | undefined {
  const value = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(`${value}T00:00:00Z`);
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(value) && year >= '1000';
  if (!exists) return undefined;
  return value === raw ? { verdict: 'clean', value } : { verdict: 'repaired', value, code: 'date_format' };
}

function decideBoolean(value: string): Repair {
  if (value === 'true' || value === 'false') return { verdict: 'clean', value };
  const word = value.toLowerCase();
  if (['true', 't', 'yes', 'y', '1'].includes(word)) {
    return { verdict: 'repaired', value: 'true', code: 'boolean_format' };
  }
  if (['false', 'f', 'no', 'n', '0'].includes(word)) {
    return { verdict: 'repaired', value: 'false', code: 'boolean_format' };
  }
  return { verdict: 'rejected', code: 'boolean_unreadable' };
}

function decideYear(value: string): Repair {
  if (/^[12]\d{3}$/.test(value)) return { verdict: 'clean', value };
  // A school year is named by the year in which it ends (OneRoster 1.2 §4.1).
  const span = /^([12]\d)(\d{2})\s*[-/–]\s*(?:([12]\d))?(\d{2})$/.exec(value);
  const [century = '', begins = '', , ends = ''] = span?.slice(1) ?? [];
  if (span === null || Number(ends) !== (Number(begins) + 1) % 100) {
    return { verdict: 'rejected', code: 'year_unreadable' };
  }
  const year = String(Number(`${century}${begins}`) + 1);
  return { verdict: 'repaired', value: year, code: 'year_format' };
}

function decideNumber(value: string): Repair {
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(value)) return { verdict: 'clean', value };
  if (/^-?\d{1,15},\d{1,2}$/.test(value)) {
    return { verdict: 'repaired', value: value.replace(',', '.'), code: 'number_format' };
  }
  if (/^[+]\d{1,15}(\.\d{1,15})?$|^-?\.\d{1,15}$|^-?\d{1,15}\.$/.test(value)) {
    return { verdict: 'repaired', value: String(Number(value)), code: 'number_format' };
  }
  return { verdict: 'rejected', code: 'number_unreadable' };
}
