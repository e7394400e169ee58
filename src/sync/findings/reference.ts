import { type FindingTexts, forbids, says } from './finding.ts';

const sis = 'Correct it in the student information system';

/** What refers to what. */
export const referenceFindings = {
  reference_missing: says(
    'A row refers to something that is not there. It was left out, since it means nothing without.',
    'Have what it refers to exported, or the row left out. It comes in by itself when the other does.',
  ),
  reference_emptied: says(
    'A row refers to something that is not there. It was taken without the reference.',
    'Have what it refers to exported. The reference comes back by itself when the other does.',
  ),
  reference_spelling: says(
    'A reference differs from the only id it can mean in leading zeros or capitals. It was understood.',
    'Do not open the file in a spreadsheet before it is sent, and have ids exported as text.',
  ),
  reference_lost: says(
    'A row that has not changed refers to something that is gone in this run. It stays as it is.',
    'Leave the row out of the export as well, or have what it refers to exported again.',
  ),
  reference_without_id: forbids(
    'A reference names no sourcedId. It was left out.',
    'Tell the vendor of the source.',
  ),
  reference_cycle: says(
    'Something stands above itself, by way of its parents. The parent was left out.',
    `${sis}.`,
  ),
  class_of_other_school: says('An enrollment names another school than its class does.', `${sis}.`),
  two_primary_roles: says(
    'A user has two primary roles at one org.',
    `${sis} which of them is the primary one.`,
  ),
  result_of_nobody_enrolled: says(
    'A result is of somebody who is not enrolled in the class.',
    'Nothing, where the person has left the class. Else look at the enrollment.',
  ),
} as const satisfies FindingTexts;
