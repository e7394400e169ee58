import type { SourceRow } from '../../../../contracts/connector.ts';
import type { Entity } from '../../../../contracts/roster.ts';
import type { Shelves } from './shelves.ts';
import type { Version } from './status-info.ts';

export interface BindingPlace {
  version: Version;
  shelves: Shelves;
  /** Address of a list of a service. */
  address(service: 'rostering' | 'gradebook', list: string): string;
}

export type Json = Record<string, unknown>;
type Values = SourceRow['values'];

/** A row in the JSON binding. Data models of 1.1 and of the 1.2 REST bindings. */
export function toJson(place: BindingPlace, entity: Exclude<Entity, 'roles'>, row: SourceRow): Json {
  const { sourcedId, status = 'active', dateLastModified, metadata } = row;
  return {
    sourcedId,
    status,
    dateLastModified,
    ...(metadata && { metadata }),
    ...members[entity](row.values, place, row),
  };
}

type Members = (values: Values, place: BindingPlace, row: SourceRow) => Json;

const ref = ({ address }: BindingPlace, list: string, type: string, id: string | undefined) => {
  if (id === undefined || id === '') return undefined;
  const service = type === 'category' || type === 'lineItem' ? 'gradebook' : 'rostering';
  return { href: `${address(service, list)}/${encodeURIComponent(id)}`, sourcedId: id, type };
};
const words = (text: string | undefined) => (text === undefined || text === '' ? undefined : text.split(','));
const refs = (place: BindingPlace, list: string, type: string, ids: string | undefined) =>
  words(ids)?.map((id) => ref(place, list, type, id.trim()));
const number = (text: string | undefined) => (text === undefined || text === '' ? undefined : Number(text));
const flag = (text: string | undefined) =>
  text === undefined || text === '' ? undefined : text.toLowerCase();
/** 1.2 Gradebook REST binding, LineItem: moments where the files have days. */
const moment = (text: string | undefined) => (text === undefined ? undefined : `${text}T00:00:00.000Z`);

const members: Readonly<Record<Exclude<Entity, 'roles'>, Members>> = {
  orgs: ({ name, type, identifier, parentSourcedId }, place) => ({
    name,
    type,
    identifier,
    parent: ref(place, 'orgs', 'org', parentSourcedId),
  }),
  academicSessions: ({ title, type, startDate, endDate, schoolYear, parentSourcedId }, place) => ({
    title,
    startDate,
    endDate,
    type,
    parent: ref(place, 'academicSessions', 'academicSession', parentSourcedId),
    schoolYear,
  }),
  courses: (values, place) => ({
    title: values.title,
    schoolYear: ref(place, 'academicSessions', 'academicSession', values.schoolYearSourcedId),
    courseCode: values.courseCode,
    grades: words(values.grades),
    subjects: words(values.subjects),
    org: ref(place, 'orgs', 'org', values.orgSourcedId),
    subjectCodes: words(values.subjectCodes),
  }),
  classes: (values, place) => ({
    title: values.title,
    classCode: values.classCode,
    classType: values.classType,
    location: values.location,
    grades: words(values.grades),
    subjects: words(values.subjects),
    course: ref(place, 'courses', 'course', values.courseSourcedId),
    school: ref(place, 'orgs', 'org', values.schoolSourcedId),
    terms: refs(place, 'academicSessions', 'academicSession', values.termSourcedIds),
    subjectCodes: words(values.subjectCodes),
    periods: words(values.periods),
  }),
  users: (values, place, row) => ({ ...person(values, place), ...belonging(values, place, row) }),
  enrollments: (
    { userSourcedId, classSourcedId, schoolSourcedId, role, primary, beginDate, endDate },
    place,
  ) => ({
    user: ref(place, 'users', 'user', userSourcedId),
    class: ref(place, 'classes', 'class', classSourcedId),
    school: ref(place, 'orgs', 'org', schoolSourcedId),
    role,
    primary: flag(primary),
    beginDate,
    endDate,
  }),
  demographics: ({ birthDate, ...rest }, { version }) => ({
    // 1.1 writes it without a capital.
    ...(version === '1.1' ? { birthdate: birthDate } : { birthDate }),
    ...rest,
  }),
  categories: ({ title, weight }, { version }) => ({
    title,
    ...(version === '1.2' && { weight: number(weight) }),
  }),
  lineItems: (values, place) => ({
    title: values.title,
    description: values.description,
    assignDate: moment(values.assignDate),
    dueDate: moment(values.dueDate),
    class: ref(place, 'classes', 'class', values.classSourcedId),
    category: ref(place, 'categories', 'category', values.categorySourcedId),
    ...period(values, place),
    resultValueMin: number(values.resultValueMin),
    resultValueMax: number(values.resultValueMax),
  }),
  results: (values, place) => ({
    lineItem: ref(place, 'lineItems', 'lineItem', values.lineItemSourcedId),
    student: ref(place, 'users', 'user', values.studentSourcedId),
    scoreStatus: values.scoreStatus,
    score: number(values.score),
    scoreDate: values.scoreDate,
    comment: values.comment,
    ...(place.version === '1.2' && {
      class: ref(place, 'classes', 'class', values.classSourcedId),
      textScore: values.textScore,
      inProgress: flag(values.inProgress),
      incomplete: flag(values.incomplete),
      late: flag(values.late),
      missing: flag(values.missing),
    }),
  }),
};

/** 1.1 knows grading periods, 1.2 any session, and the school besides. */
function period({ academicSessionSourcedId, schoolSourcedId }: Values, place: BindingPlace): Json {
  const session = ref(place, 'academicSessions', 'academicSession', academicSessionSourcedId);
  if (place.version === '1.1') return { gradingPeriod: session };
  return { academicSession: session, school: ref(place, 'orgs', 'org', schoolSourcedId) };
}

function person(values: Values, place: BindingPlace): Json {
  return {
    username: values.username,
    userIds: words(values.userIds)?.map((pair) => {
      const [, type, identifier] = /^\{([^:]*):(.*)\}$/.exec(pair) ?? [];
      return { type, identifier };
    }),
    // 1.1 and 1.2, User: the word, not the value.
    enabledUser: flag(values.enabledUser),
    givenName: values.givenName,
    familyName: values.familyName,
    middleName: values.middleName,
    identifier: values.identifier,
    email: values.email,
    sms: values.sms,
    phone: values.phone,
    agents: refs(place, 'users', 'user', values.agentSourcedIds),
    grades: words(values.grades),
    password: values.password,
  };
}

/** Roles of 1.1 in those of 1.2. */
const olderRoles: Readonly<Record<string, string>> = {
  districtAdministrator: 'administrator',
  siteAdministrator: 'administrator',
  systemAdministrator: 'administrator',
  principal: 'administrator',
  counselor: 'aide',
};

function belonging(values: Values, place: BindingPlace, { sourcedId }: SourceRow): Json {
  const roles = place.shelves.rolesOf(sourcedId);
  if (place.version === '1.1') {
    const role =
      roles.find((one) => one.values.roleType === 'primary')?.values.role ?? roles[0]?.values.role ?? '';
    const orgs = [...new Set(roles.map((one) => one.values.orgSourcedId))];
    return { role: olderRoles[role] ?? role, orgs: orgs.map((org) => ref(place, 'orgs', 'org', org)) };
  }
  return {
    userMasterIdentifier: values.userMasterIdentifier,
    preferredFirstName: values.preferredGivenName,
    preferredMiddleName: values.preferredMiddleName,
    preferredLastName: values.preferredFamilyName,
    pronouns: values.pronouns,
    primaryOrg: ref(place, 'orgs', 'org', values.primaryOrgSourcedId),
    roles: roles.map(({ values: held }) => ({
      roleType: held.roleType,
      role: held.role,
      org: ref(place, 'orgs', 'org', held.orgSourcedId),
      beginDate: held.beginDate,
      endDate: held.endDate,
    })),
  };
}
