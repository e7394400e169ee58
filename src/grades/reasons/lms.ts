import type { GradeReasonEntry } from './entry.ts';

/** What an LMS says about one score. */
export const lmsReasons = {
  older_than_stored: {
    outcome: 'success',
    turn: 'nobody',
    happened: 'The LMS already has a newer score of this person.',
    advice: 'Nothing: the newest score wins (AGS 2.0 §3.4.9). If it should not, let the tool send it again.',
    adviceByFamily: {
      canvas: 'Canvas answers 400 for an older timestamp; a grade that a teacher entered has its own time.',
      moodle: 'Moodle answers 409, and compares timestamps by the whole second.',
    },
  },
  hidden_until_graded: {
    outcome: 'success',
    turn: 'tool',
    happened: 'The LMS has taken the score, and shows none until it is fully graded.',
    advice:
      'Nothing, if more is to come. Otherwise let the tool send it with gradingProgress FullyGraded (AGS 2.0 §3.4.8).',
    adviceByFamily: {
      moodle: 'Moodle empties the grade for every other gradingProgress, an earlier one as well.',
    },
  },
  cut_to_maximum: {
    outcome: 'success',
    turn: 'lms',
    happened: 'The LMS has taken the score, and shows the maximum in place of points above it.',
    advice:
      'Raise the maximum of the column, or allow grades above it, and let the tool send the score again.',
    adviceByFamily: {
      moodle: 'Moodle keeps extra points where “Unlimited grades” is on (Site administration → Grades).',
    },
  },
  person_unknown: {
    outcome: 'user_error',
    turn: 'lms',
    happened: 'The LMS does not know this person in the course.',
    advice: 'They may have left the course or never joined it. Enrol them, then replay the delivery.',
    adviceByFamily: {
      moodle: 'Moodle answers 400 for a person who is not in the course.',
      brightspace: 'Brightspace answers 403 or 404 for a person who is not enrolled.',
    },
  },
  person_not_gradable: {
    outcome: 'user_error',
    turn: 'lms',
    happened: 'The LMS keeps no grades for this person, such as a teacher or a preview account.',
    advice:
      'Check the role of the person in the course. A score of a teacher who tried the tool can be left.',
    adviceByFamily: {
      canvas:
        'Canvas answers 422 for Student View and while the course is unpublished: publish the course, then replay.',
      brightspace: 'Brightspace answers 422 for a role that cannot be graded; roles are set under Org Tools.',
    },
  },
  line_item_gone: {
    outcome: 'failed_config',
    turn: 'lms',
    happened: 'The column of the gradebook does not exist any more.',
    advice:
      'A teacher has deleted it, or the course was reset or copied. Open the activity from the course again, so that the tool learns of its new column.',
    adviceByFamily: {
      canvas: 'Deleting the assignment deletes its line item; restoring it brings the line item back.',
      moodle: 'Deleting the activity deletes its line item for good.',
    },
  },
  score_invalid: {
    outcome: 'failed_partner',
    turn: 'tool',
    happened: 'The LMS does not accept the content of this score.',
    advice:
      'The score keeps to the specification, but this LMS wants more. Compare maximum, comment and submission with what the LMS documents, and tell the tool’s maker.',
    adviceByFamily: {
      canvas: 'Canvas refuses a submission of a type that the assignment does not allow.',
    },
  },
  course_closed: {
    outcome: 'failed_config',
    turn: 'lms',
    happened: 'The course takes no grades now: it is over, or not open yet.',
    advice: 'Open the course or its grading period for as long as is needed, then replay the delivery.',
    adviceByFamily: {
      canvas:
        'A concluded course and a closed grading period are read-only; so is an unpublished course for scores.',
      brightspace: 'The end date of the course offering closes its grades.',
      blackboard: 'A course that is “Complete” takes no grades.',
    },
  },
} as const satisfies Record<string, GradeReasonEntry>;
