import type { SchoolCalendar, Term } from './calendar.ts';
import type { Fates, Slot } from './fates.ts';
import { classId, courseId, districtId, schoolId } from './ids.ts';
import type { Block, Layout } from './layout.ts';
import { draws, mix, pick } from './mix.ts';

/** What the rows of a district are made from. */
export interface DistrictParts {
  seed: number;
  name: string;
  layout: Layout;
  calendar: SchoolCalendar;
  fates: Fates;
}

interface Subject {
  title: string;
  /** SCED code of the subject area. */
  code: string;
}

const subjects: readonly Subject[] = [
  { title: 'Mathematics', code: '02' },
  { title: 'Reading, Writing and Speaking', code: '01' },
  { title: 'Science', code: '03' },
  { title: 'Social Studies', code: '04' },
  { title: 'Physical Education', code: '08' },
  { title: 'World Languages', code: '24' },
  { title: 'Music', code: '05' },
  { title: 'Art “Studio”', code: '05' },
  { title: 'Computing', code: '10' },
  { title: 'Health', code: '08' },
  { title: 'Engineering', code: '21' },
  { title: 'Drama', code: '05' },
];

const [trees, places] = [
  'Alder Aspen Birch Cedar Cypress Elm Fir Hazel Hickory Juniper Laurel Linden Maple Oak Pine Poplar Rowan Spruce Sycamore Walnut Willow Yew'.split(
    ' ',
  ),
  'Bay Bridge Brook Creek Crossing Dale Field Ford Glen Grove Harbour Heights Hill Hollow Lake Landing Meadow Mill Moor Park Point Ridge River Rock Shore Spring Terrace Vale Valley View'.split(
    ' ',
  ),
];

const same = (cells: string[]): Slot => ({ fate: 'same', cells });

export function* orgRows({ seed, name, layout }: DistrictParts): Iterable<Slot> {
  yield same([districtId, name, 'district', '0100200', '']);
  const turn = mix(seed, draws.schoolName, 0);
  for (const [school, { kind }] of layout.schools.entries()) {
    const named = `${pick(trees, turn + school)} ${pick(places, turn + Math.floor(school / trees.length))}`;
    // More schools than names: numbers, as in large cities.
    const number = Math.floor(school / (trees.length * places.length));
    const title = `${named}${number === 0 ? '' : ` ${number + 1}`} ${kind.title}`;
    yield same([schoolId(school), title, 'school', String(school + 1).padStart(4, '0'), districtId]);
  }
}

export function* courseRows({ layout, calendar }: DistrictParts): Iterable<Slot> {
  const grades = new Set(layout.schools.flatMap(({ kind }) => kind.grades));
  for (const grade of grades) {
    for (const [index, { title, code }] of subjects.slice(0, layout.size.classesPerStudent).entries()) {
      yield same([
        courseId(grade, index),
        calendar.year.id,
        `${title} ${grade === 'KG' ? 'Kindergarten' : Number(grade)}`,
        `${code}${grade}-${index + 1}`,
        grade,
        districtId,
        title.includes(',') ? 'English' : title,
        code,
      ]);
    }
  }
}

export function* classRows(parts: DistrictParts): Iterable<Slot> {
  const { layout, fates } = parts;
  for (const block of layout.blocks) {
    for (let section = 0; section < block.sections; section++) {
      for (let subject = 0; subject < layout.size.classesPerStudent; subject++) {
        const number = classNumberOf(layout, block, section, subject);
        const fate = fates.class(number);
        yield { fate, cells: classCells(parts, block, { section, subject, number }, fate === 'changed') };
      }
    }
  }
}

export function classNumberOf(layout: Layout, block: Block, section: number, subject: number): number {
  return block.firstClass + section * layout.size.classesPerStudent + subject;
}

/** Most subjects run all year, every third for a semester. */
export function termOf(calendar: SchoolCalendar, subject: number): Term {
  if (subject % 3 !== 2) return calendar.year;
  return calendar.semesters[subject % 2 === 0 ? 0 : 1];
}

function classCells(
  { seed, calendar, fates }: DistrictParts,
  block: Block,
  { section, subject, number }: { section: number; subject: number; number: number },
  isChanged: boolean,
): string[] {
  const { title, code } = pick(subjects, subject);
  const term = termOf(calendar, subject);
  const room = 100 + (mix(seed, draws.room, number) % 180);
  const isHomeroom = block.kind.keepsGroups && subject === 0;
  return [
    classId(number),
    `${title} ${block.grade}, Section ${section + 1}`,
    block.grade,
    courseId(block.grade, subject),
    `${code}${block.grade}-${subject + 1}-${section + 1}`,
    isHomeroom ? 'homeroom' : 'scheduled',
    isChanged ? `Room ${room}, moved ${fates.round}` : room % 10 === 0 ? `"Hangar" ${room}` : `Room ${room}`,
    schoolId(block.school),
    term === calendar.year ? calendar.semesters.map(({ id }) => id).join(',') : term.id,
    title.includes(',') ? 'English' : title,
    code,
    isHomeroom ? '' : String((section + subject) % 8 || 8),
  ];
}
