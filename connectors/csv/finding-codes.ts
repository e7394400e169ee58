import type { SourceFinding } from '../../contracts/connector.ts';

interface CodeMeaning {
  readonly severity: SourceFinding['severity'];
  /** What has happened, for the catalogue of findings. */
  readonly means: string;
}

const lost = (means: string): CodeMeaning => ({ severity: 'error', means });
const mended = (means: string): CodeMeaning => ({ severity: 'repaired', means });
const told = (means: string): CodeMeaning => ({ severity: 'warning', means });

/**
 * Every finding of the connectors that read CSV files. `error`: rows or a file were not taken. What the strict profile
 * refuses stands in the host's catalogue of findings.
 */
export const csvFindings = {
  // The package.
  manifest_missing: mended('There is no manifest.csv; what is there was taken as the settings say.'),
  manifest_header_missing: mended('The manifest has no header propertyName,value.'),
  manifest_property_duplicate: mended('The manifest names a property twice; the first counts.'),
  manifest_mode_blank: mended('The manifest does not say what a file is; it was taken as the settings say.'),
  manifest_mode_unknown: mended('The manifest says neither absent, bulk nor delta of a file.'),
  mode_doubtful: told(
    'Nobody says whether a file is whole, and its rows look like changes: nothing counts as missing from it.',
  ),
  manifest_contradicts_file: lost('The manifest calls a file absent that is there; it was not read.'),
  version_unknown: mended(
    'The manifest names no version of OneRoster that is known; it was told by the files.',
  ),
  version_contradicts_file: mended(
    'The manifest names another version of OneRoster than the users file has.',
  ),
  file_missing: lost('A file is not there that the manifest or the settings name.'),
  file_duplicate: lost('A file is there more than once; nothing counts as missing from it.'),
  file_unknown: told('A file is none of the standard; it was not read.'),
  file_name_case: mended('A file name is in the wrong case.'),
  folder_nested: mended('The files lie in a folder of the package instead of at its top.'),
  package_is_delta: told('A file of changes came to a full run: nothing counts as missing from it.'),
  package_is_bulk: told('A whole file came to a run of changes: nothing counts as missing from it.'),
  package_is_old: lost('The package is older than one that was read before; nothing of it was taken.'),
  package_from_future: told('The package is dated in the future; it counts as made now.'),
  packages_skipped: lost('Older packages lie in the folder that were passed over for the newest.'),
  // A file.
  empty_file: lost('The file is empty, without even a header.'),
  encoding_utf16: mended('The file is in UTF-16 instead of UTF-8.'),
  invalid_utf8: mended('A row is not in UTF-8; it was read as Windows-1252.'),
  nul_bytes: mended('A row holds NUL bytes; they were left out.'),
  wrong_delimiter: mended('Fields are parted by something else than commas.'),
  stray_quote: mended('A quote stands where none may be; it was read as a part of the text.'),
  stray_carriage_return: mended('A carriage return stands within a row; it was read as a space.'),
  extra_empty_fields: mended(
    'All rows, or the header too, have fields behind the last column, all empty; they were left out.',
  ),
  ragged_row: lost('A row has more or fewer fields than the header; it was not taken.'),
  unbalanced_quote: lost('A quote is opened and never closed; the rows in it were not taken.'),
  record_too_long: lost(
    'A row is longer than 1 MiB, mostly for a quote never closed; the rest was not read.',
  ),
  last_line_unended: told(
    'The last line has no end, so the file may be cut: nothing counts as missing from it.',
  ),
  file_cut_short: lost('Fewer or more bytes came than the file has: nothing counts as missing from it.'),
  too_many_bad_rows: lost('Too many rows could not be read: nothing counts as missing from the file.'),
  status_in_bulk: mended(
    'A whole file fills in status or dateLastModified, which are for changes; a row to be deleted is left out.',
  ),
  // Its header.
  header_too_long: lost('The first line is longer than any header; the file was not read.'),
  header_missing: lost('The first line is no header; the file was not read.'),
  required_column_missing: lost(
    'A column is missing without which rows mean nothing; the file was not read.',
  ),
  column_missing: told('A column of the standard is missing; its values count as empty.'),
  column_duplicate: mended('A column is there twice; the first counts.'),
  column_misspelled: mended('A column is misspelled.'),
  column_of_other_version: mended('A column has the name it has in another version of OneRoster.'),
  column_order: mended('Columns are not in the order of the standard.'),
  column_unknown: told('A column is none of the standard; it was left out.'),
  password_dropped: told('The source hands out passwords; they were left out and should not be exported.'),
  // From OneRoster 1.1 to 1.2.
  administrator_doubtful: told(
    'An administrator of no known kind of place was taken as its site administrator.',
  ),
  administrator_undecided: lost(
    'A delta does not tell what kind of place an administrator administers; the role stays as it is.',
  ),
  role_without_org: told('A user belongs to no org, and so has no role.'),
  orgs_too_many: lost('A user belongs to more orgs than anybody can; the further ones were left out.'),
  list_semicolons: mended('A list is parted by semicolons; it was understood.'),
  role_removal_unknown: told('A delta of 1.1 does not tell which orgs a user has left; the next bulk does.'),
  // A mapping.
  mapped_column_missing: lost(
    'The mapping names a column that the file does not have; the file was not read.',
  ),
  mapped_value_unknown: told('A value is not in the list of the mapping; it was left empty.'),
  mapped_date_unreadable: told('A date is not in the form the mapping names; it was left as it is.'),
  row_blank: mended('A row holds nothing in the columns that are read; it was left out.'),
  sourced_id_empty: lost('The columns that make the sourcedId are empty; the row was not taken.'),
} as const satisfies Record<string, CodeMeaning>;

export type CsvFindingCode = keyof typeof csvFindings;
