/**
 * The canonical roster: OneRoster 1.2's rostering and gradebook models as data, so that staging, validation, comparison
 * and storage are made from one description. Names are those of the CSV binding (OneRoster 1.2 CSV §2); where the REST
 * binding differs, the connector maps.
 */

/** In an order in which what is referred to comes first. */
export const entities = [
  'orgs',
  'academicSessions',
  'courses',
  'classes',
  'users',
  'roles',
  'enrollments',
  'demographics',
  'categories',
  'lineItems',
  'results',
] as const;
export type Entity = (typeof entities)[number];

/** What a column holds. Everything travels as text; the kind says what the text must be. */
export type Kind =
  | { is: 'text'; longest?: number; personal?: boolean }
  /** One of these, or `ext:` and anything (OneRoster 1.2 §5, extensible vocabularies). */
  | { is: 'oneOf'; values: readonly string[]; personal?: boolean }
  /** YYYY-MM-DD. */
  | { is: 'date'; personal?: boolean }
  | { is: 'boolean'; personal?: boolean }
  | { is: 'number' }
  /** YYYY. */
  | { is: 'year' }
  /** The sourcedId of another row. */
  | { is: 'reference'; to: Entity }
  /** sourcedIds, separated by commas within the value. */
  | { is: 'references'; to: Entity }
  /** Words separated by commas within the value. */
  | { is: 'list'; personal?: boolean };

export interface Column {
  /** As in the CSV header; snake_case of it in the database. */
  name: string;
  kind: Kind;
  required?: boolean;
}

export interface EntityModel {
  entity: Entity;
  /** In the canonical order, without sourcedId, status and dateLastModified, which every entity has. */
  columns: readonly Column[];
  /** The column that names the school a row belongs to, directly; counts and holds are told by school. */
  school?: string;
  /** A row whose reference leads nowhere is dropped with these columns at fault; other references are only emptied. */
  needs: readonly string[];
}

const text = (
  name: string,
  options: { longest?: number; personal?: boolean; required?: boolean } = {},
): Column => {
  const { required = false, ...rest } = options;
  return { name, kind: { is: 'text', ...rest }, required };
};
const personal = (name: string, required = false): Column => text(name, { personal: true, required });
const oneOf = (name: string, values: readonly string[], required = true): Column => ({
  name,
  kind: { is: 'oneOf', values },
  required,
});
const reference = (name: string, to: Entity, required = false): Column => ({
  name,
  kind: { is: 'reference', to },
  required,
});
const references = (name: string, to: Entity, required = false): Column => ({
  name,
  kind: { is: 'references', to },
  required,
});
const date = (name: string, required = false): Column => ({ name, kind: { is: 'date' }, required });
const list = (name: string): Column => ({ name, kind: { is: 'list' } });
const boolean = (name: string, required = false): Column => ({ name, kind: { is: 'boolean' }, required });
const personalBoolean = (name: string): Column => ({ name, kind: { is: 'boolean', personal: true } });

export const sessionTypes = ['gradingPeriod', 'semester', 'schoolYear', 'term'] as const;
export const orgTypes = ['department', 'school', 'district', 'local', 'state', 'national'] as const;
export const classTypes = ['homeroom', 'scheduled'] as const;
export const roleTypes = ['primary', 'secondary'] as const;
export const roles = [
  'aide',
  'counselor',
  'districtAdministrator',
  'guardian',
  'parent',
  'principal',
  'proctor',
  'relative',
  'siteAdministrator',
  'student',
  'systemAdministrator',
  'teacher',
] as const;
export const enrollmentRoles = ['administrator', 'proctor', 'student', 'teacher'] as const;
export const sexes = ['male', 'female', 'unspecified', 'other'] as const;
export const scoreStatuses = [
  'exempt',
  'fully graded',
  'not submitted',
  'partially graded',
  'submitted',
] as const;

/** OneRoster 1.2 CSV §2, entity by entity; `demographics` stands apart and is synced only where that is asked for. */
export const models: Readonly<Record<Entity, EntityModel>> = {
  orgs: {
    entity: 'orgs',
    columns: [
      text('name', { required: true }),
      oneOf('type', orgTypes),
      text('identifier'),
      reference('parentSourcedId', 'orgs'),
    ],
    needs: [],
  },
  academicSessions: {
    entity: 'academicSessions',
    columns: [
      text('title', { required: true }),
      oneOf('type', sessionTypes),
      date('startDate', true),
      date('endDate', true),
      reference('parentSourcedId', 'academicSessions'),
      { name: 'schoolYear', kind: { is: 'year' }, required: true },
    ],
    needs: [],
  },
  courses: {
    entity: 'courses',
    columns: [
      reference('schoolYearSourcedId', 'academicSessions'),
      text('title', { required: true }),
      text('courseCode'),
      list('grades'),
      reference('orgSourcedId', 'orgs', true),
      list('subjects'),
      list('subjectCodes'),
    ],
    school: 'orgSourcedId',
    needs: ['orgSourcedId'],
  },
  classes: {
    entity: 'classes',
    columns: [
      text('title', { required: true }),
      list('grades'),
      reference('courseSourcedId', 'courses', true),
      text('classCode'),
      oneOf('classType', classTypes),
      text('location'),
      reference('schoolSourcedId', 'orgs', true),
      references('termSourcedIds', 'academicSessions', true),
      list('subjects'),
      list('subjectCodes'),
      list('periods'),
    ],
    school: 'schoolSourcedId',
    needs: ['courseSourcedId', 'schoolSourcedId'],
  },
  users: {
    entity: 'users',
    columns: [
      boolean('enabledUser', true),
      personal('username', true),
      { name: 'userIds', kind: { is: 'list', personal: true } },
      personal('givenName', true),
      personal('familyName', true),
      personal('middleName'),
      personal('identifier'),
      personal('email'),
      personal('sms'),
      personal('phone'),
      references('agentSourcedIds', 'users'),
      list('grades'),
      personal('userMasterIdentifier'),
      personal('preferredGivenName'),
      personal('preferredMiddleName'),
      personal('preferredFamilyName'),
      reference('primaryOrgSourcedId', 'orgs'),
      personal('pronouns'),
    ],
    school: 'primaryOrgSourcedId',
    needs: [],
  },
  roles: {
    entity: 'roles',
    columns: [
      reference('userSourcedId', 'users', true),
      oneOf('roleType', roleTypes),
      oneOf('role', roles),
      date('beginDate'),
      date('endDate'),
      reference('orgSourcedId', 'orgs', true),
    ],
    school: 'orgSourcedId',
    needs: ['userSourcedId', 'orgSourcedId'],
  },
  enrollments: {
    entity: 'enrollments',
    columns: [
      reference('classSourcedId', 'classes', true),
      reference('schoolSourcedId', 'orgs', true),
      reference('userSourcedId', 'users', true),
      oneOf('role', enrollmentRoles),
      boolean('primary'),
      date('beginDate'),
      date('endDate'),
    ],
    school: 'schoolSourcedId',
    needs: ['classSourcedId', 'schoolSourcedId', 'userSourcedId'],
  },
  demographics: {
    entity: 'demographics',
    columns: [
      { name: 'birthDate', kind: { is: 'date', personal: true } },
      { name: 'sex', kind: { is: 'oneOf', values: sexes, personal: true } },
      personalBoolean('americanIndianOrAlaskaNative'),
      personalBoolean('asian'),
      personalBoolean('blackOrAfricanAmerican'),
      personalBoolean('nativeHawaiianOrOtherPacificIslander'),
      personalBoolean('white'),
      personalBoolean('demographicRaceTwoOrMoreRaces'),
      personalBoolean('hispanicOrLatinoEthnicity'),
      personal('countryOfBirthCode'),
      personal('stateOfBirthAbbreviation'),
      personal('cityOfBirth'),
      personal('publicSchoolResidenceStatus'),
    ],
    needs: [],
  },
  categories: {
    entity: 'categories',
    columns: [text('title', { required: true }), { name: 'weight', kind: { is: 'number' } }],
    needs: [],
  },
  lineItems: {
    entity: 'lineItems',
    columns: [
      text('title', { required: true }),
      text('description', { longest: 10_000 }),
      date('assignDate', true),
      date('dueDate', true),
      reference('classSourcedId', 'classes', true),
      reference('categorySourcedId', 'categories', true),
      reference('academicSessionSourcedId', 'academicSessions'),
      { name: 'resultValueMin', kind: { is: 'number' } },
      { name: 'resultValueMax', kind: { is: 'number' } },
      reference('schoolSourcedId', 'orgs'),
    ],
    school: 'schoolSourcedId',
    needs: ['classSourcedId'],
  },
  results: {
    entity: 'results',
    columns: [
      reference('lineItemSourcedId', 'lineItems', true),
      reference('studentSourcedId', 'users', true),
      oneOf('scoreStatus', scoreStatuses),
      { name: 'score', kind: { is: 'number' } },
      date('scoreDate', true),
      text('comment', { longest: 10_000, personal: true }),
      text('textScore', { personal: true }),
      reference('classSourcedId', 'classes'),
      boolean('inProgress'),
      boolean('incomplete'),
      boolean('late'),
      boolean('missing'),
    ],
    needs: ['lineItemSourcedId', 'studentSourcedId'],
  },
};

/** Letters, digits and `. / @ _ -`, 1 to 255 (OneRoster 1.2 CSV §1.4, GUID). */
export const sourcedIdPattern = /^[0-9A-Za-z./@_-]{1,255}$/;

/** A header's name as it stands in the database. */
export function columnName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
