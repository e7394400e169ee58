import { type FindingTexts, forbids, says } from './finding.ts';

const exporter = 'Ask whoever makes the export';
const incomplete = 'nothing counts as missing from it in this run';

/** Packages, files, and the answers of an API as a whole. */
export const fileFindings = {
  manifest_missing: forbids(
    'The package has no manifest.csv. Its files were taken as the settings of the connection say.',
    `${exporter} to put a manifest.csv at the top of the package.`,
  ),
  manifest_header_missing: forbids(
    'The manifest does not begin with the header propertyName,value. It was read all the same.',
    `${exporter} to add the header.`,
  ),
  manifest_property_duplicate: forbids(
    'The manifest names a property more than once. The first one counts.',
    `${exporter} to leave one line for each property.`,
  ),
  manifest_mode_blank: forbids(
    'The manifest does not say whether a file is absent, bulk or delta. It was taken as the settings say.',
    `${exporter} to fill in the mode of every file.`,
  ),
  manifest_mode_unknown: forbids(
    'The manifest says neither absent, bulk nor delta of a file.',
    `${exporter} to use one of these three words.`,
  ),
  mode_doubtful: says(
    `The manifest does not say whether a file is whole, and nearly every row has a status and a date, as changes have; ${incomplete}.`,
    `${exporter} to fill in the mode of every file. Where whole files have a status in every row, choose bulk in the settings of the connection.`,
  ),
  manifest_contradicts_file: forbids(
    'The manifest calls a file absent, and the file is there. It was not read.',
    'Correct the manifest, or take the file out of the package.',
  ),
  version_unknown: forbids(
    'The manifest names no version of OneRoster that the hub knows. The version was told by the files.',
    `${exporter} to set oneroster.version to 1.1 or 1.2.`,
  ),
  version_contradicts_file: forbids(
    'The manifest names one version of OneRoster, and the users file has the columns of another.',
    `${exporter} to set oneroster.version to that of the files.`,
  ),
  archive_damaged: says(
    'The package cannot be read to its end: it was cut off, or changed on its way. Nothing of it was taken.',
    'Pack it again, see that it opens, and hand it over again.',
  ),
  upload_incomplete: says(
    'Of the package that was handed over a part is missing. Nothing of it was taken.',
    'Hand it over again.',
  ),
  file_missing: forbids(
    'A file that the manifest or the settings name is not there.',
    'Export again with all files, or say in the manifest that the file is absent.',
  ),
  file_duplicate: forbids(
    `A file is in the package more than once; ${incomplete}.`,
    'Leave one of them in the package.',
  ),
  file_unknown: says(
    'A file is none of the OneRoster standard. It was not read.',
    'Nothing, unless its name is misspelled.',
  ),
  file_name_case: forbids(
    'A file name has capitals where it should not, or the other way round. The file was read.',
    `${exporter} to name files as the standard does.`,
  ),
  file_left_out: says(
    'Files that an operating system adds to archives were left out.',
    'Nothing: they hold no data.',
  ),
  folder_nested: forbids(
    'The files lie in a folder inside the package. They were read from there.',
    'Pack the files themselves rather than the folder that holds them.',
  ),
  package_is_delta: says(
    `A full run got a file of changes; ${incomplete}.`,
    'Export a bulk package for full runs.',
  ),
  package_is_bulk: says(
    `A run for changes got a whole file; ${incomplete}.`,
    'Ask for a full run, or export a delta package.',
  ),
  package_is_old: says(
    'The package is older than one that a run has read before. Nothing of it was taken.',
    'Look whether its date is right and whether newer packages still arrive. Where it should count, have a bulk package exported and ask for a full run.',
  ),
  package_from_future: says(
    'The package is dated in the future. It was taken as one made now. In a folder, it stands before all that arrive until then.',
    'Set the clock of the machine that writes packages, and take this one out of the folder.',
  ),
  packages_skipped: says(
    'The folder holds older packages that were passed over for the newest one. Changes that only they hold are missing.',
    'Have a bulk package exported and ask for a full run. Let runs for changes come as often as packages do.',
  ),
  empty_file: forbids(
    'A file is empty, without even a header.',
    'Export again, and look whether the export ended early.',
  ),
  encoding_utf16: forbids('A file is in UTF-16. It was read as that.', `${exporter} to write UTF-8.`),
  invalid_utf8: forbids(
    'A row is not in UTF-8. It was read as Windows-1252, which may have spoiled letters with accents.',
    `${exporter} to write UTF-8, then look at the names in these rows.`,
  ),
  nul_bytes: forbids('A row holds NUL bytes. They were left out.', `${exporter} where they come from.`),
  wrong_delimiter: forbids(
    'Fields are parted by something else than commas. They were read so.',
    `${exporter} to use commas.`,
  ),
  stray_quote: forbids(
    'A quotation mark stands in the middle of a field. It was read as part of the text.',
    `${exporter} to double quotation marks within quoted fields.`,
  ),
  stray_carriage_return: forbids(
    'A row holds a carriage return. It was read as a space.',
    'Remove line breaks from this field in the student information system.',
  ),
  extra_empty_fields: forbids(
    'All rows have fields behind the last column, or the header has some without a name. They were left out.',
    `${exporter} to end rows with their last column.`,
  ),
  ragged_row: forbids(
    'A row has more or fewer fields than the header: what it holds may stand in other columns than it should. It was not taken.',
    'Look for a comma or a quotation mark in this row that should be quoted.',
  ),
  unbalanced_quote: forbids(
    'A quotation mark is opened and never closed. The rows within it were not taken.',
    'Close the quotation mark in this row and export again.',
  ),
  record_too_long: forbids(
    'A row is longer than 1 MiB, mostly for a quotation mark that is never closed. The rest of the file was not read.',
    'Close the quotation mark in this row and export again.',
  ),
  last_line_unended: says(
    `The last line has no end, so the file may have been cut off; ${incomplete}.`,
    'Compare its size with that of the original, and send it again if they differ.',
  ),
  file_cut_short: forbids(
    `More or fewer bytes arrived than the file has; ${incomplete}.`,
    'Send the file again, and leave it alone while it is read.',
  ),
  too_many_bad_rows: forbids(
    `Too many rows of a file could not be read; ${incomplete}.`,
    'Mend the rows that are listed and export again.',
  ),
  status_in_bulk: forbids(
    'A whole file fills in status or dateLastModified, which are for files of changes. A row to be deleted was left out, all others were taken.',
    `${exporter} to leave both empty in whole files.`,
  ),
  endpoint_missing: says(
    'The source has no endpoint for this. Nothing was read, and nothing counts as missing.',
    'Nothing, unless the source should offer it: then ask its vendor.',
  ),
  endpoint_refused: says(
    'The source does not let the hub read this. Nothing was read, and nothing counts as missing.',
    'Give the hub’s account in the source the right to read it, where it is needed.',
  ),
  sort_refused: says(
    'The source does not sort. Rows that change while they are read are noticed less well.',
    'Let runs take place when nobody edits the source.',
  ),
  filter_refused: says(
    'The source cannot give changes only. Everything was read.',
    'Nothing; runs take longer than they would need to.',
  ),
  pages_unstable: says(
    'The source changed too much while it was read, twice. Nothing counts as missing.',
    'Let runs take place when nobody edits the source.',
  ),
} as const satisfies FindingTexts;
