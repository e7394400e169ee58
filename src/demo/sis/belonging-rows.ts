import type { Slot } from './fates.ts';
import { classId, enrollmentId, schoolId, studentId, teacherId, teachingId } from './ids.ts';
import { type Block, sectionOf, teacherOf } from './layout.ts';
import { draws, mix } from './mix.ts';
import { people, students } from './people-rows.ts';
import { classNumberOf, type DistrictParts, termOf } from './structure-rows.ts';

/** Roles of version 1.2: everybody's primary one, and a second one at another school. */
export function* roleRows(parts: DistrictParts): Iterable<Slot> {
  const { year } = parts.calendar;
  for (const { fate, id, role, org, otherOrg } of people(parts)) {
    // Who is changed keeps the role as it is.
    const roleFate = fate === 'changed' ? 'same' : fate;
    yield { fate: roleFate, cells: [`rol-${id}`, id, 'primary', role, year.start, year.end, org, ''] };
    if (otherOrg === undefined) continue;
    yield {
      fate: roleFate,
      cells: [`rol-${id}-2`, id, 'secondary', role, year.start, year.end, otherOrg, ''],
    };
  }
}

/** Students in their classes, in the order of students, then each class's teacher. */
export function* enrollmentRows(parts: DistrictParts): Iterable<Slot> {
  const { layout, calendar } = parts;
  const { classesPerStudent } = layout.size;
  const terms = Array.from({ length: classesPerStudent }, (_, subject) => termOf(calendar, subject));
  for (const block of layout.blocks) yield* studentEnrollments(parts, block, terms);
  for (const block of layout.blocks) yield* teacherEnrollments(parts, block, terms);
}

type Terms = readonly { start: string; end: string }[];

function* studentEnrollments({ layout, fates }: DistrictParts, block: Block, terms: Terms): Iterable<Slot> {
  const school = schoolId(block.school);
  for (let local = 0; local < block.students; local++) {
    const student = block.firstStudent + local;
    const fate = fates.student(student);
    const id = studentId(student);
    for (const [subject, { start, end }] of terms.entries()) {
      const number = student * terms.length + subject;
      const section = sectionOf(block, local, subject);
      const own = fate === 'removed' ? 'removed' : fates.enrollment(number);
      // A change is a move to the next section, or where there is none, a later beginning.
      const isMove = own === 'changed' && block.sections > 1;
      const inClass = isMove ? (section + 1) % block.sections : section;
      const from = own === 'changed' ? laterThan(start) : start;
      const of = classId(classNumberOf(layout, block, inClass, subject));
      yield { fate: own, cells: [enrollmentId(number), of, school, id, 'student', '', from, end] };
      if (fate !== 'joined') continue;
      const beside = classId(classNumberOf(layout, block, section, subject));
      const newcomer = [enrollmentId(number, fates.round), beside, school, studentId(student, fates.round)];
      yield { fate: 'added', cells: [...newcomer, 'student', '', laterThan(start), end] };
    }
  }
}

function* teacherEnrollments({ layout, fates }: DistrictParts, block: Block, terms: Terms): Iterable<Slot> {
  const school = layout.schools[block.school];
  if (school === undefined) return;
  const behind = block.firstClass + block.sections * terms.length;
  for (let number = block.firstClass; number < behind; number++) {
    const term = terms[(number - block.firstClass) % terms.length];
    if (term === undefined) return;
    const fate = fates.teaching(number);
    const from = fate === 'changed' ? laterThan(term.start) : term.start;
    const teacher = teacherId(teacherOf(school, number));
    const cells = [teachingId(number), classId(number), schoolId(block.school), teacher, 'teacher', 'true'];
    yield { fate, cells: [...cells, from, term.end] };
  }
}

/** A week into a term; terms begin before the 25th. */
function laterThan(start: string): string {
  return `${start.slice(0, 8)}${String(Math.min(28, Number(start.slice(8)) + 7)).padStart(2, '0')}`;
}

/** Students' demographics: a birth date that goes with the grade, and one to three origins. */
export function* demographicsRows(parts: DistrictParts): Iterable<Slot> {
  const { seed, calendar } = parts;
  for (const { fate, id, number, grade = '' } of students(parts)) {
    const born = mix(seed, draws.birthday, number);
    const birthDate = new Date(
      Date.UTC(Number(calendar.schoolYear) - 6 - (Number(grade) || 0), 0, 1 + (born % 365)),
    );
    const origins = mix(seed, draws.origin, number);
    // Which of five, and for every eighth a second one.
    const first = origins % 5;
    const second = (origins >>> 8) % 8 === 0 ? (first + 2) % 5 : first;
    const flags = Array.from({ length: 5 }, (_, flag) => String(flag === first || flag === second));
    yield {
      fate: fate === 'changed' ? 'same' : fate,
      cells: [
        id,
        birthDate.toISOString().slice(0, 10),
        ['female', 'male', 'female', 'male', 'unspecified'][mix(seed, draws.sex, number) % 5] ??
          'unspecified',
        ...flags,
        String(first !== second),
        String((origins >>> 16) % 4 === 0),
        ...['US', '', '', ''],
      ],
    };
  }
}
