import { type FindingTexts, forbids, says } from './finding.ts';

const exporter = 'Ask whoever makes the export';

/** First lines of files, and the mapping of columns. */
export const headerFindings = {
  header_missing: forbids(
    'The first line of a file is no header. The file was not read.',
    `${exporter} to write the names of the columns in the first line.`,
  ),
  header_too_long: forbids(
    'The first line of a file is longer, or has more columns, than any header. The file was not read.',
    `${exporter}: this is no table, or its line ends are lost.`,
  ),
  required_column_missing: forbids(
    'A column is missing without which the rows mean nothing. The file was not read.',
    `${exporter} to add the column.`,
  ),
  column_missing: forbids(
    'A column of the standard is missing. Its values count as empty.',
    `${exporter} to add the column, also where it is empty.`,
  ),
  column_duplicate: forbids(
    'A column is there twice. The first one counts.',
    `${exporter} to leave one of them.`,
  ),
  column_misspelled: forbids(
    'The name of a column is misspelled. It was understood.',
    `${exporter} to correct the name.`,
  ),
  column_of_other_version: forbids(
    'A column has the name it has in another version of OneRoster. It was understood.',
    `${exporter} to use the names of the version in the manifest.`,
  ),
  column_order: forbids(
    'The columns are not in the order of the standard. They were read by their names.',
    `${exporter} to keep the order of the standard, since other readers go by it.`,
  ),
  column_unknown: forbids(
    'A column is none of the standard. It was left out.',
    'Name it metadata.<name> where it should come along.',
  ),
  password_dropped: says(
    'The source hands out passwords. The hub has not kept them.',
    `${exporter} to stop exporting passwords, and consider changing those that were exported.`,
  ),
  mapped_column_missing: forbids(
    'The mapping names a column that the file does not have. The file was not read.',
    'Correct the mapping of the connection, or add the column to the export.',
  ),
  mapped_value_unknown: says(
    'A value is not in the list of the mapping. It was left empty.',
    'Add the value to the mapping of the connection.',
  ),
  mapped_date_unreadable: says(
    'A date does not have the form that the mapping names. It was left as it is.',
    'Correct the form in the mapping of the connection, or the date in the source.',
  ),
} as const satisfies FindingTexts;
