import { type FindingTexts, says } from './finding.ts';

/** A roster as a whole. */
export const setFindings = {
  entity_empty: says(
    'The source gave not a single row of this.',
    'Check the export. Where there was something before, the run waits for somebody to agree.',
  ),
  count_disagrees: says(
    'The source says there are more or fewer rows than it gave. Nothing counts as missing in this run.',
    'Let runs take place when nobody edits the source. Where it stays so, tell the vendor.',
  ),
  shared_school_unknown: says(
    'A school is chosen to be shared that the source does not have. Nothing is shared under this id.',
    'Choose the schools again. An id has to be as the source writes it, with its capitals and zeros.',
  ),
  class_without_teacher: says('A class has no teacher.', 'Assign one, or close the class.'),
  enrollment_outside_term: says(
    'An enrollment lies before or after the terms of its class.',
    'Check the dates of the enrollment and of the terms; they may be last year’s.',
  ),
  sessions_over: says(
    'All academic sessions are over: the export may be last year’s.',
    'Export again for the year that runs. In the holidays nothing is wrong.',
  ),
} as const satisfies FindingTexts;
