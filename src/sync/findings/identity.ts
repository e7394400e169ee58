import { type FindingTexts, forbids, says } from './finding.ts';

const sis = 'Correct it in the student information system';

/** Who and what is who and what. */
export const identityFindings = {
  sourced_id_missing: says(
    'A row has no sourcedId. It was left out.',
    `${sis}: without an id nothing can be kept.`,
  ),
  row_blank: says(
    'A row holds nothing but commas, as spreadsheets leave behind the last one. It was left out.',
    'Delete the empty rows at the end of the sheet.',
  ),
  sourced_id_empty: says(
    'The columns that make up the sourcedId are empty. The row was left out.',
    'Fill them in, or choose others in the mapping of the connection.',
  ),
  sourced_id_invalid: says(
    'A sourcedId holds what the standard does not allow. The row was left out.',
    'Have ids of letters, digits and . / @ _ - exported, 255 at most.',
  ),
  sourced_id_letters: says(
    'A sourcedId holds what the standard does not allow. It was taken; the strict profile rejects it.',
    'Have ids of letters, digits and . / @ _ - exported.',
  ),
  sourced_id_too_long: says('A sourcedId is longer than 255. The row was left out.', `${sis}.`),
  sourced_id_scientific: says(
    'A sourcedId looks like 1.2E+05: a spreadsheet has rounded it, and many ids may have become one. The row was left out.',
    'Export again, and do not open the file in a spreadsheet before it is sent.',
  ),
  sourced_id_zeros: says(
    'Something new has the sourcedId of something that is gone, but for zeros in front: a spreadsheet drops them. It counts as something new.',
    'Do not open the file in a spreadsheet before it is sent, and have ids exported as text.',
  ),
  header_repeated: says(
    'The header stands among the rows once more, as where files were put one behind the other. The row was left out.',
    'Export into one file, or take the further headers out.',
  ),
  sourced_id_twice: says(
    'Rows with the same sourcedId differ. The one modified last counts, else the last one; this one was left out.',
    `${sis} which of them is right.`,
  ),
  row_twice: says(
    'A row is there more than once, the same each time. It was taken once.',
    'Look why the export repeats rows.',
  ),
  sourced_id_capitals: says(
    'Two sourcedIds differ in capitals only. They count as two.',
    'Check whether they are meant to be one.',
  ),
  sourced_id_recycled: says(
    'A user’s name, username and e-mail address have all become others: the sourcedId may have been given to another person.',
    'Check who this is. Ids of people who left should not be given away again.',
  ),
  sourced_id_replaced: says(
    'Somebody of the same name and username as one who is gone came with another sourcedId.',
    'Check whether it is the same person; ids should stay for good.',
  ),
  username_shared: says(
    'More than one user has this username.',
    `${sis}: people could be taken for each other.`,
  ),
  email_shared: says(
    'More than one user has this e-mail address.',
    'Nothing, where a family shares an address. The hub joins nobody by e-mail alone.',
  ),
  student_and_staff: says(
    'A user is a student and on the staff.',
    'Check whether two people share one id. For a student who also teaches nothing is wrong.',
  ),
  user_without_role: forbids('A user has no role, and so belongs to no org.', `${sis}.`),
  persons_erased: says(
    'Users who were erased here are in the source still. They and what belongs to them were left out.',
    'Nothing, unless one of them has come back: people readmit.',
  ),
  role_without_org: says('A user belongs to no org, and so has no role.', `${sis}.`),
  orgs_too_many: says(
    'A user belongs to more orgs than anybody can. Those after the first 1,000 were left out.',
    `${sis}: a quotation mark may have been lost.`,
  ),
  administrator_doubtful: says(
    'It is not told what kind of place an administrator administers. The role was taken as that of a site administrator.',
    'Check the role, and override it where it is wrong.',
  ),
  administrator_undecided: says(
    'A delta of OneRoster 1.1 does not tell what kind of place an administrator administers. The role was left as it is; a new one comes with the next full run.',
    'Ask for a full run with a bulk package, where the role is new or has changed.',
  ),
  role_removal_unknown: says(
    'A delta of OneRoster 1.1 does not tell which orgs a user has left. Roles there stay until the next full run.',
    'Run a full run now and then.',
  ),
} as const satisfies FindingTexts;
