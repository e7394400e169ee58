import type { SourceRow } from '../../contracts/connector.ts';
import { type Entity, sourcedIdPattern } from '../../contracts/roster.ts';
import { primaryOrgOf } from '../oneroster/made-roles.ts';
import type { Member } from './answer.ts';
import type { Notes } from './notes.ts';
import type { Settings } from './settings.ts';
import { day, list, metadataOf, type Reader, reference, references, text, userIds } from './values.ts';

/** A column, how it is read, and under which names it may stand; its own where none is given. */
type Reading = readonly [column: string, read: Reader, ...names: string[]];

const plain = (...columns: string[]): Reading[] => columns.map((column) => [column, text]);
const lists = (...columns: string[]): Reading[] => columns.map((column) => [column, list]);

/** From the JSON binding (data models of 1.1 and of the 1.2 REST bindings) to the canonical columns. */
const readings: Readonly<Record<Exclude<Entity, 'roles'>, readonly Reading[]>> = {
  orgs: [...plain('name', 'type', 'identifier'), ['parentSourcedId', reference, 'parent']],
  academicSessions: [
    ...plain('title', 'type', 'startDate', 'endDate', 'schoolYear'),
    ['parentSourcedId', reference, 'parent'],
  ],
  courses: [
    ['schoolYearSourcedId', reference, 'schoolYear'],
    ...plain('title', 'courseCode'),
    ['orgSourcedId', reference, 'org'],
    ...lists('grades', 'subjects', 'subjectCodes'),
  ],
  classes: [
    ...plain('title', 'classCode', 'classType', 'location'),
    ['courseSourcedId', reference, 'course'],
    ['schoolSourcedId', reference, 'school'],
    ['termSourcedIds', references, 'terms'],
    ...lists('grades', 'subjects', 'subjectCodes', 'periods'),
  ],
  users: [
    ...plain(
      'enabledUser',
      'username',
      'givenName',
      'familyName',
      'middleName',
      'identifier',
      'email',
      'sms',
      'phone',
    ),
    ['userIds', userIds],
    ['agentSourcedIds', references, 'agents'],
    ['grades', list],
    ...plain('userMasterIdentifier', 'preferredMiddleName', 'pronouns'),
    // 1.2 REST has first and last names where 1.2 CSV has given and family names.
    ['preferredGivenName', text, 'preferredFirstName', 'preferredGivenName'],
    ['preferredFamilyName', text, 'preferredLastName', 'preferredFamilyName'],
    ['primaryOrgSourcedId', reference, 'primaryOrg'],
  ],
  enrollments: [
    ['classSourcedId', reference, 'class'],
    ['schoolSourcedId', reference, 'school'],
    ['userSourcedId', reference, 'user'],
    ...plain('role', 'primary', 'beginDate', 'endDate'),
  ],
  demographics: [
    // 1.1 writes it in lower case.
    ['birthDate', text, 'birthDate', 'birthdate'],
    ...plain('sex', 'americanIndianOrAlaskaNative', 'asian', 'blackOrAfricanAmerican'),
    ...plain('nativeHawaiianOrOtherPacificIslander', 'white', 'demographicRaceTwoOrMoreRaces'),
    ...plain('hispanicOrLatinoEthnicity', 'countryOfBirthCode', 'stateOfBirthAbbreviation', 'cityOfBirth'),
    ...plain('publicSchoolResidenceStatus'),
  ],
  categories: plain('title', 'weight'),
  lineItems: [
    ...plain('title', 'description', 'resultValueMin', 'resultValueMax'),
    ['assignDate', day],
    ['dueDate', day],
    ['classSourcedId', reference, 'class'],
    ['categorySourcedId', reference, 'category'],
    // 1.1 knows grading periods only.
    ['academicSessionSourcedId', reference, 'academicSession', 'gradingPeriod'],
    ['schoolSourcedId', reference, 'school'],
  ],
  results: [
    ['lineItemSourcedId', reference, 'lineItem'],
    ['studentSourcedId', reference, 'student'],
    ['classSourcedId', reference, 'class'],
    ['scoreDate', day],
    ...plain('scoreStatus', 'score', 'comment', 'textScore', 'inProgress', 'incomplete', 'late', 'missing'),
  ],
};

/** sourcedId, status and time of a row; undefined, with a finding, where it cannot be told from others. */
export function readHead(member: Member, notes: Notes): Omit<SourceRow, 'values'> | undefined {
  const sourcedId = text(member.sourcedId, 'sourcedId', notes);
  if (sourcedId === undefined) {
    notes.add('sourced_id_missing', 'sourcedId');
    return undefined;
  }
  if (!sourcedIdPattern.test(sourcedId)) {
    notes.add('sourced_id_invalid', 'sourcedId');
    return undefined;
  }
  const status = text(member.status, 'status', notes);
  const dateLastModified = text(member.dateLastModified, 'dateLastModified', notes);
  return { sourcedId, status, dateLastModified };
}

/** A row of any entity but roles, out of a member of a list. Passwords are never read. */
export function mapRow(
  entity: Exclude<Entity, 'roles'>,
  version: Settings['version'],
  member: Member,
  notes: Notes,
): SourceRow | undefined {
  const head = readHead(member, notes);
  if (head === undefined) return undefined;
  const values: Record<string, string | undefined> = {};
  for (const [column, read, ...names] of readings[entity]) {
    const name = names.find((one) => member[one] !== undefined) ?? column;
    const value = read(member[name], column, notes);
    if (value !== undefined) values[column] = value;
  }
  if (entity === 'users' && version === '1.1')
    values.primaryOrgSourcedId = primaryOrgOf(orgsOf(member, notes));
  return { ...head, values, metadata: metadataOf(member) };
}

/** Orgs of a 1.1 user. */
export function orgsOf({ orgs }: Member, notes: Notes): string[] {
  const held = Array.isArray(orgs) ? orgs : [orgs];
  return held.flatMap((org) => reference(org, 'orgSourcedId', notes) ?? []);
}
