import { type FindingTexts, forbids, says } from './finding.ts';

const sis = 'Correct it in the student information system';
const left =
  'The value was left out; in the strict profile, or where the row means nothing without it, the row was.';
const fine =
  'Nothing is lost. Have it exported so, and the finding goes away; the strict profile rejects it.';

/** Single values. */
export const valueFindings = {
  text_trimmed: says(
    'A value, or a word of a list, begins or ends with white space. It was taken without.',
    fine,
  ),
  control_characters: says('A value holds control characters. They were replaced by spaces.', fine),
  text_too_long: says('A text is longer than any can be. It was cut.', `${sis}.`),
  word_spelling: says('A word of a fixed list is spelled in another way. It was understood.', fine),
  word_unknown: says(
    `A word is not in the list the standard allows. ${left}`,
    `${sis}, or put ext: before it.`,
  ),
  date_format: says('A date is not written YYYY-MM-DD. It was understood.', fine),
  date_ambiguous: says(
    `A date can be two days, such as 1/05/2023. The hub does not guess. ${left}`,
    'Have dates exported as YYYY-MM-DD.',
  ),
  date_impossible: says(`There is no such day. ${left}`, `${sis}.`),
  date_unreadable: says(`A value is no date. ${left}`, 'Have dates exported as YYYY-MM-DD.'),
  boolean_format: says('Yes or no is not written true or false. It was understood.', fine),
  boolean_unreadable: says(`A value is neither true nor false. ${left}`, `${sis}.`),
  year_format: says('A school year is written as two years. It was taken as the one in which it ends.', fine),
  year_unreadable: says(
    `A value is no year. ${left}`,
    'Have school years exported as the year in which they end.',
  ),
  number_format: says('A number is written in another way. It was understood.', fine),
  number_unreadable: says(`A value is no number. ${left}`, `${sis}.`),
  list_semicolons: says(
    'A list is parted by semicolons. It was understood.',
    'Have lists exported with commas.',
  ),
  grade_digit: says('A grade is written with one digit. It was taken with two, as in 09.', fine),
  value_scientific: says(
    'A number looks like 1.2E+05: a spreadsheet has rounded it, and many may have become one. It was left out; in the strict profile the row was.',
    'Export again, and do not open the file in a spreadsheet before it is sent.',
  ),
  smart_quotes: says(
    'A value stands in typographic quotation marks, as word processors write them, or begins or ends with one. It was taken as it is.',
    'Have plain quotation marks exported: typographic ones keep no comma in its field.',
  ),
  status_unknown: says(
    'A status is neither active nor tobedeleted. The row was taken as an active one; the strict profile rejects it.',
    'Have one of the two exported. A row that ended otherwise still counts.',
  ),
  moment_without_zone: says(
    'A dateLastModified names no time zone. Of rows with the same sourcedId the wrong one may count. Looked for at the beginning of the file.',
    'Have moments exported in UTC, as in 2026-08-31T12:00:00.000Z; the strict profile rejects others.',
  ),
  moment_unreadable: says(
    'A dateLastModified is no moment. Of rows with the same sourcedId the wrong one may count. Looked for at the beginning of the file.',
    'Have moments exported in UTC, as in 2026-08-31T12:00:00.000Z; the strict profile rejects others.',
  ),
  value_missing: says(
    'A value that must be there is empty. In the strict profile, or where the row means nothing without it, the row was left out.',
    `${sis}.`,
  ),
  end_before_begin: says('Something ends before it begins. The strict profile rejects the row.', `${sis}.`),
  value_type_wrong: forbids(
    'A value is an object or a list where text is due, or the other way round. It was left out.',
    'Tell the vendor of the source.',
  ),
  comma_in_list: says('A word of a list holds a comma, and counts as two words.', `${sis}.`),
  score_outside_range: says('A score is below the least or above the most its line item allows.', `${sis}.`),
} as const satisfies FindingTexts;
