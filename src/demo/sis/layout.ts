import { draws, mixShare } from './mix.ts';
import type { DistrictSize } from './sizes.ts';

export interface SchoolKind {
  title: string;
  grades: readonly string[];
  /** How large beside the others. */
  weight: number;
  /** Pupils stay in one group for every subject. */
  keepsGroups: boolean;
}

/** The pupils of one grade at one school, and the sections they are spread over. Numbers count through the district. */
export interface Block {
  school: number;
  kind: SchoolKind;
  grade: string;
  firstStudent: number;
  students: number;
  sections: number;
  /** Classes of a section stand together, one for each subject. */
  firstClass: number;
}

export interface LaidSchool {
  kind: SchoolKind;
  firstStudent: number;
  students: number;
  firstClass: number;
  classes: number;
  firstTeacher: number;
  teachers: number;
}

/** Where everybody is: all of it small beside the rows, which are made from it by number. */
export interface Layout {
  size: DistrictSize;
  schools: readonly LaidSchool[];
  blocks: readonly Block[];
  classes: number;
  teachers: number;
  guardians: number;
}

/** CEDS codes of grade levels. */
const kinds: readonly [SchoolKind, SchoolKind, SchoolKind] = [
  {
    title: 'Elementary School',
    grades: ['KG', '01', '02', '03', '04', '05'],
    weight: 4,
    keepsGroups: true,
  },
  { title: 'Middle School', grades: ['06', '07', '08'], weight: 6, keepsGroups: false },
  { title: 'High School', grades: ['09', '10', '11', '12'], weight: 11, keepsGroups: false },
];

const classesPerTeacher = 5;
/** At the district's office, beside a principal for each school. */
export const districtAdministrators = 2;

/** Spreads the students over schools and grades, and teachers over classes. */
export function layOut(seed: number, size: DistrictSize): Layout {
  const { schools: count, students, classesPerStudent, classSize } = size;
  const weights = Array.from({ length: count }, (_, school) => {
    return kindOf(school).weight * (0.7 + 0.6 * mixShare(seed, draws.schoolSize, school));
  });
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const schools: LaidSchool[] = [];
  const blocks: Block[] = [];
  let [weighed, classes, teachers] = [0, 0, 0];
  for (const [school, weight] of weights.entries()) {
    const firstStudent = Math.round((students * weighed) / whole);
    weighed += weight;
    const behind = school === count - 1 ? students : Math.round((students * weighed) / whole);
    const kind = kindOf(school);
    const firstClass = classes;
    for (const [index, grade] of kind.grades.entries()) {
      const [first, end] = [index, index + 1].map(
        (part) => firstStudent + Math.floor(((behind - firstStudent) * part) / kind.grades.length),
      ) as [number, number];
      const sections = Math.ceil((end - first) / classSize);
      const block = { school, kind, grade, firstStudent: first, students: end - first, sections };
      if (sections > 0) blocks.push({ ...block, firstClass: classes });
      classes += sections * classesPerStudent;
    }
    const taught = classes - firstClass;
    const staff = Math.max(1, Math.ceil(taught / classesPerTeacher));
    schools.push({
      kind,
      firstStudent,
      students: behind - firstStudent,
      firstClass,
      classes: taught,
      firstTeacher: teachers,
      teachers: staff,
    });
    teachers += staff;
  }
  const others = students + teachers + count + districtAdministrators;
  const guardians = Math.min(2 * students, Math.max(0, size.people - others));
  return { size, schools, blocks, classes, teachers, guardians };
}

/** One elementary school more than the others in every four. */
function kindOf(school: number): SchoolKind {
  const [elementary, middle, high] = kinds;
  return [elementary, middle, high, elementary][school % 4] ?? elementary;
}

/** Which section of the grade a student is in for a subject: pupils of older grades meet others in each. */
export function sectionOf({ kind, sections }: Block, student: number, subject: number): number {
  if (kind.keepsGroups) return student % sections;
  return (student + subject * Math.floor(student / sections)) % sections;
}

/** Who teaches a class: each teacher has a few that stand together. */
export function teacherOf(school: LaidSchool, classNumber: number): number {
  return school.firstTeacher + Math.floor((classNumber - school.firstClass) / classesPerTeacher);
}
