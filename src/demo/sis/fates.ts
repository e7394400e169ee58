import { draws, mixShare } from './mix.ts';

/** What has become of a row since the district was made. */
export type Fate = 'same' | 'changed' | 'added' | 'removed';

/** A row as cells, in the order of its columns, the first being the sourcedId. */
export interface Slot {
  fate: Fate;
  cells: readonly string[];
}

/** How much of a district is different, and in which of many ways. */
export interface Drift {
  share: number;
  round: number;
}

/** `joined`: the same as before, and somebody new beside them with the same lessons. */
export type PersonFate = 'same' | 'changed' | 'removed' | 'joined';

/** What becomes of everybody and everything, by number; orgs, sessions and courses stay as they are. */
export interface Fates {
  readonly round: number;
  student(student: number): PersonFate;
  teacher(teacher: number): 'same' | 'changed';
  guardian(guardian: number): 'same' | 'changed';
  class(classNumber: number): 'same' | 'changed';
  enrollment(enrollment: number): 'same' | 'changed';
  teaching(classNumber: number): 'same' | 'changed';
}

/**
 * Of a hundred rows that differ, sixty are changed, twenty are gone and twenty are new. Enrollments come and go with
 * their students, so that what is referred to is always there.
 */
const [changedPart, removedPart] = [0.6, 0.2];

export function createFates(seed: number, { share, round }: Drift): Fates {
  const drawn = (draw: number, index: number) => mixShare(seed + 7919 * round, draw, index);
  const changes = (draw: number, part: number) => (index: number) =>
    share > 0 && drawn(draw, index) < share * part ? 'changed' : 'same';
  return {
    round,
    student: (student) => {
      if (share === 0) return 'same';
      const number = drawn(draws.studentFate, student);
      if (number >= share) return 'same';
      if (number < share * changedPart) return 'changed';
      return number < share * (changedPart + removedPart) ? 'removed' : 'joined';
    },
    teacher: changes(draws.staffFate, 1),
    guardian: changes(draws.guardianFate, 1),
    class: changes(draws.classFate, 1),
    enrollment: changes(draws.enrollmentFate, changedPart),
    teaching: changes(draws.teachingFate, 1),
  };
}
