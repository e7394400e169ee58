import type { Version } from './columns.ts';
import type { Fate, Slot } from './fates.ts';
import {
  administratorId,
  districtId,
  guardianId,
  principalId,
  schoolId,
  studentId,
  teacherId,
} from './ids.ts';
import { type Block, districtAdministrators, type Layout } from './layout.ts';
import { draws, mix } from './mix.ts';
import { createNaming, type PersonName } from './names.ts';
import type { DistrictParts } from './structure-rows.ts';

type Role = 'student' | 'teacher' | 'principal' | 'districtAdministrator' | 'guardian';

/** Somebody, before it is said as a row of one version or another. */
export interface Person {
  fate: Fate;
  id: string;
  role: Role;
  /** Counts through all people of the district; newcomers beyond. */
  number: number;
  org: string;
  /** A second school, for the few that have one. */
  otherOrg?: string | undefined;
  grade?: string;
  agents: string;
  /** The block of a student. */
  block?: Block;
}

/** Every how many teachers one works at two schools. */
const sharedTeacher = 25;
/** Beyond everybody's number, so that newcomers have names of their own. */
const newcomers = 100_000_000;

/** Everybody: students, teachers, principals and administrators, guardians. */
export function* people(parts: DistrictParts): Iterable<Person> {
  yield* students(parts);
  yield* staff(parts);
  yield* guardians(parts);
}

export function* students({ layout, fates }: DistrictParts): Iterable<Person & { block: Block }> {
  for (const block of layout.blocks) {
    const org = schoolId(block.school);
    const of = { role: 'student', org, grade: block.grade, block } as const;
    for (let student = block.firstStudent; student < block.firstStudent + block.students; student++) {
      const fate = fates.student(student);
      const agents = guardiansOf(layout, student).map(guardianId).join(',');
      const base = fate === 'joined' ? 'same' : fate;
      yield { ...of, fate: base, id: studentId(student), number: student, agents };
      if (fate !== 'joined') continue;
      const number = newcomers * fates.round + student;
      yield { ...of, fate: 'added', id: studentId(student, fates.round), number, agents: '' };
    }
  }
}

function* staff({ layout, fates }: DistrictParts): Iterable<Person> {
  let number = layout.size.students;
  for (const [school, { firstTeacher, teachers }] of layout.schools.entries()) {
    const org = schoolId(school);
    for (let teacher = firstTeacher; teacher < firstTeacher + teachers; teacher++) {
      const next = (school + 1) % layout.schools.length;
      const otherOrg = teacher % sharedTeacher === 1 && next !== school ? schoolId(next) : undefined;
      const fate = fates.teacher(teacher);
      yield { fate, id: teacherId(teacher), role: 'teacher', number: number++, org, otherOrg, agents: '' };
    }
    yield { fate: 'same', id: principalId(school), role: 'principal', number: number++, org, agents: '' };
  }
  for (let index = 0; index < districtAdministrators; index++) {
    const id = administratorId(index);
    yield { fate: 'same', id, role: 'districtAdministrator', number: number++, org: districtId, agents: '' };
  }
}

function* guardians({ layout, fates }: DistrictParts): Iterable<Person> {
  const { size, teachers, schools, blocks } = layout;
  const first = size.students + teachers + schools.length + districtAdministrators;
  for (const block of blocks) {
    const org = schoolId(block.school);
    for (let student = block.firstStudent; student < block.firstStudent + block.students; student++) {
      const isGone = fates.student(student) === 'removed';
      for (const guardian of guardiansOf(layout, student)) {
        const fate = isGone ? 'removed' : fates.guardian(guardian);
        const id = guardianId(guardian);
        yield { fate, id, role: 'guardian', number: first + guardian, org, agents: studentId(student) };
      }
    }
  }
}

/** Guardians are spread evenly over the students: none, one or two for each. */
function guardiansOf({ guardians: count, size }: Layout, student: number): number[] {
  const from = Math.ceil((student * count) / size.students);
  const behind = Math.ceil(((student + 1) * count) / size.students);
  return Array.from({ length: behind - from }, (_, index) => from + index);
}

/** Everybody as rows of the users' file. */
export function* userRows(parts: DistrictParts, version: Version): Iterable<Slot> {
  const name = createNaming(parts.seed);
  const domain = `${parts.name.toLowerCase().replace(/[^a-z]+/g, '-')}.example`;
  for (const person of people(parts)) {
    yield {
      fate: person.fate,
      cells: userCells(parts, { person, name: name(person.number), domain }, version),
    };
  }
}

function userCells(
  { seed, fates }: DistrictParts,
  { person, name, domain }: { person: Person; name: PersonName; domain: string },
  version: Version,
): string[] {
  const { id, role, number, org, otherOrg, grade = '', agents, fate } = person;
  const username = usernameOf(person, name);
  const host = role === 'student' ? `students.${domain}` : role === 'guardian' ? 'mail.example' : domain;
  const identifier = String(number + 1).padStart(8, '0');
  // 555-0100 to 555-0199 are nobody's.
  const phone = (line: number) => `+1-202-555-01${String(line % 100).padStart(2, '0')}`;
  const shared = [
    username,
    role === 'guardian' ? '' : `{SIS:${identifier}}`,
    name.given.name,
    name.family.name,
    name.middle,
    identifier,
    `${username}@${host}`,
    fate === 'changed' ? phone(fates.round) : '',
    role === 'student' ? '' : phone(mix(seed, draws.phone, number)),
    agents,
    grade,
    '',
  ];
  if (version === '1.1') {
    const orgs = otherOrg === undefined ? org : `${org},${otherOrg}`;
    return [id, 'true', orgs, v11Roles[role], ...shared];
  }
  const preferred = fate === 'changed' || number % 23 === 0 ? name.preferred : '';
  return [id, 'true', ...shared, '', preferred, '', '', org, ''];
}

const v11Roles = {
  student: 'student',
  teacher: 'teacher',
  principal: 'administrator',
  districtAdministrator: 'administrator',
  guardian: 'guardian',
} as const;

function usernameOf({ role, number }: Person, { given, family }: PersonName): string {
  if (role === 'student') return `${given.folded.charAt(0)}${family.folded}${number + 1}`;
  return `${role === 'guardian' ? 'home.' : ''}${given.folded}.${family.folded}${number + 1}`;
}
