import type { SourceRow } from '../../contracts/connector.ts';
import { type Entity, models } from '../../contracts/roster.ts';

/** Rows by entity: enough for several pages, and every person unlike anything else that could stand in a log. */
export type Rows = Partial<Record<Entity, SourceRow[]>>;

const modified = '2025-08-01T00:00:00.000Z';

const row = (sourcedId: string, values: Record<string, string>): SourceRow => ({
  sourcedId,
  dateLastModified: modified,
  values,
});

const numbered = <Item>(count: number, make: (key: string, index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(String(index + 1).padStart(3, '0'), index));

/** A roster of two schools and so many students. The same arguments give the same rows. */
export function createSmallRoster(students = 60): Rows {
  const school = (index: number) => `school-${(index % 2) + 1}`;
  const user = (key: string, index: number): SourceRow =>
    row(`user-${key}`, {
      enabledUser: 'true',
      username: `zyx.login.${key}`,
      givenName: `Zyxgiven${key}`,
      familyName: `Zyxfamily${key}`,
      email: `zyx.mail.${key}@school.example`,
      identifier: `zyx-identifier-${key}`,
      grades: '09',
      primaryOrgSourcedId: school(index),
    });
  return {
    orgs: [
      row('district', { name: 'Lakeside Unified', type: 'district', identifier: 'D1' }),
      ...numbered(2, (_, index) =>
        row(school(index), {
          name: `Lakeside ${index + 1}`,
          type: 'school',
          identifier: `S${index + 1}`,
          parentSourcedId: 'district',
        }),
      ),
    ],
    academicSessions: [
      row('year-2027', {
        title: '2026-2027',
        type: 'schoolYear',
        startDate: '2026-08-01',
        endDate: '2027-06-30',
        schoolYear: '2027',
      }),
      row('term-1', {
        title: 'Autumn',
        type: 'term',
        startDate: '2026-08-01',
        endDate: '2026-12-31',
        parentSourcedId: 'year-2027',
        schoolYear: '2027',
      }),
    ],
    courses: numbered(4, (key, index) =>
      row(`course-${key}`, { title: `Course ${key}`, orgSourcedId: school(index), courseCode: `C${key}` }),
    ),
    classes: numbered(8, (key, index) =>
      row(`class-${key}`, {
        title: `Class ${key}`,
        courseSourcedId: `course-00${(index % 4) + 1}`,
        classType: 'scheduled',
        schoolSourcedId: school(index),
        termSourcedIds: 'term-1',
      }),
    ),
    users: numbered(students, user),
    roles: numbered(students, (key, index) =>
      row(`role-${key}`, {
        userSourcedId: `user-${key}`,
        roleType: 'primary',
        role: index % 10 === 0 ? 'teacher' : 'student',
        orgSourcedId: school(index),
      }),
    ),
    enrollments: numbered(students, (key, index) =>
      row(`enrollment-${key}`, {
        classSourcedId: `class-00${(index % 8) + 1}`,
        schoolSourcedId: school(index),
        userSourcedId: `user-${key}`,
        role: index % 10 === 0 ? 'teacher' : 'student',
      }),
    ),
    demographics: numbered(students, (key) =>
      row(`user-${key}`, { birthDate: '2011-03-04', cityOfBirth: `Zyxcity${key}` }),
    ),
  };
}

/** Every value of a personal column that could be told from other words. */
export function personalValues(rows: Rows): string[] {
  return Object.entries(rows).flatMap(([entity, of]) => {
    const columns = models[entity as Entity].columns.filter(
      ({ kind }) => 'personal' in kind && kind.personal,
    );
    return of.flatMap(({ values }) =>
      columns.flatMap(({ name }) => (values[name]?.toLowerCase().includes('zyx') ? [values[name]] : [])),
    );
  });
}
