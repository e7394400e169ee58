import type { SourceRow } from '../../../../contracts/connector.ts';
import type { Entity } from '../../../../contracts/roster.ts';
import type { Shelves } from './shelves.ts';

type Listed = Exclude<Entity, 'roles'>;

export interface Collection {
  /** In the address. */
  name: string;
  entity: Listed;
  service: 'rostering' | 'gradebook';
  /** The only rows of the entity that belong here. */
  has?: (row: SourceRow, shelves: Shelves) => boolean;
}

/** Names of an entity in answers: of a list, and of one. 1.1 and 1.2 REST bindings. */
export const envelopes: Readonly<Record<Listed, { list: string; single: string }>> = {
  orgs: { list: 'orgs', single: 'org' },
  academicSessions: { list: 'academicSessions', single: 'academicSession' },
  courses: { list: 'courses', single: 'course' },
  classes: { list: 'classes', single: 'class' },
  users: { list: 'users', single: 'user' },
  enrollments: { list: 'enrollments', single: 'enrollment' },
  demographics: { list: 'demographics', single: 'demographics' },
  categories: { list: 'categories', single: 'category' },
  lineItems: { list: 'lineItems', single: 'lineItem' },
  results: { list: 'results', single: 'result' },
};

const roster = (name: string, entity: Listed, has?: Collection['has']): Collection => ({
  name,
  entity,
  service: 'rostering',
  ...(has && { has }),
});
const ofType = (type: string) => (row: SourceRow) => row.values.type === type;
const withRole = (role: string) => (row: SourceRow, shelves: Shelves) =>
  shelves.rolesOf(row.sourcedId).some(({ values }) => values.role === role);

/** Lists of the rostering and gradebook services. 1.1, endpoints, 1.2, endpoints. */
export const collections: readonly Collection[] = [
  roster('orgs', 'orgs'),
  roster('schools', 'orgs', ofType('school')),
  roster('academicSessions', 'academicSessions'),
  roster('terms', 'academicSessions', ofType('term')),
  roster('gradingPeriods', 'academicSessions', ofType('gradingPeriod')),
  roster('courses', 'courses'),
  roster('classes', 'classes'),
  roster('users', 'users'),
  roster('students', 'users', withRole('student')),
  roster('teachers', 'users', withRole('teacher')),
  roster('enrollments', 'enrollments'),
  roster('demographics', 'demographics'),
  { name: 'categories', entity: 'categories', service: 'gradebook' },
  { name: 'lineItems', entity: 'lineItems', service: 'gradebook' },
  { name: 'results', entity: 'results', service: 'gradebook' },
];

/** Lists below one row: which rows of `child` belong to the row `id` of `parent`. */
export const nested: readonly {
  parent: string;
  child: string;
  has: (row: SourceRow, id: string, shelves: Shelves) => boolean;
}[] = [
  { parent: 'schools', child: 'classes', has: (row, id) => row.values.schoolSourcedId === id },
  { parent: 'schools', child: 'courses', has: (row, id) => row.values.orgSourcedId === id },
  { parent: 'schools', child: 'enrollments', has: (row, id) => row.values.schoolSourcedId === id },
  { parent: 'schools', child: 'students', has: (row, id, shelves) => isAt(row, id, shelves) },
  { parent: 'schools', child: 'teachers', has: (row, id, shelves) => isAt(row, id, shelves) },
  { parent: 'classes', child: 'students', has: (row, id, shelves) => isIn(row, id, 'student', shelves) },
  { parent: 'classes', child: 'teachers', has: (row, id, shelves) => isIn(row, id, 'teacher', shelves) },
  { parent: 'courses', child: 'classes', has: (row, id) => row.values.courseSourcedId === id },
  {
    parent: 'terms',
    child: 'classes',
    has: (row, id) => (row.values.termSourcedIds ?? '').split(',').includes(id),
  },
  { parent: 'terms', child: 'gradingPeriods', has: (row, id) => row.values.parentSourcedId === id },
];

function isAt(user: SourceRow, school: string, shelves: Shelves): boolean {
  return shelves.rolesOf(user.sourcedId).some(({ values }) => values.orgSourcedId === school);
}

function isIn(user: SourceRow, classId: string, role: string, shelves: Shelves): boolean {
  return shelves
    .rows('enrollments')
    .some(
      ({ values }) =>
        values.userSourcedId === user.sourcedId && values.classSourcedId === classId && values.role === role,
    );
}
