const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';

/** Context roles that LTI Core (appendix A.2.3) lets a platform send by their short names. */
const shortNames = new Set([
  'Administrator',
  'ContentDeveloper',
  'Instructor',
  'Learner',
  'Manager',
  'Member',
  'Mentor',
  'Officer',
]);

/** A role by its full URI, as tools compare them; roles nobody knows go on as they came. */
export function fullRole(role: string): string {
  return shortNames.has(role) ? `${membership}${role}` : role;
}

/** Sub-roles come with the role they belong to (LTI Core, appendix A.2.3.2). */
const teachingAssistant = [
  'http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant',
  `${membership}Instructor`,
];

/** Roles of OneRoster enrollments (1.1 and 1.2) by LTI's context roles (LTI Core, appendix A.2.3). */
const ofClass: Readonly<Record<string, readonly string[]>> = {
  student: [`${membership}Learner`],
  teacher: [`${membership}Instructor`],
  aide: teachingAssistant,
  administrator: [`${membership}Administrator`],
  guardian: [`${membership}Mentor`],
  parent: [`${membership}Mentor`],
  relative: [`${membership}Mentor`],
};

/** What somebody is in a class. Whoever is neither taught nor teaches there, a proctor say, is a member and no more. */
export function classRoles(role: string): readonly string[] {
  return (Object.hasOwn(ofClass, role) ? ofClass[role] : undefined) ?? [`${membership}Member`];
}

const institution = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#';
const staff = [`${institution}Staff`];
const administrator = [`${institution}Administrator`];
const observer = [`${institution}Observer`];

/** Roles of OneRoster users, and of whoever signs in, by LTI's institution roles (LTI Core, appendix A.2.2). */
const ofSchool: Readonly<Record<string, readonly string[]>> = {
  student: [`${institution}Student`],
  teacher: [`${institution}Faculty`, `${institution}Instructor`],
  aide: staff,
  counselor: staff,
  principal: staff,
  proctor: staff,
  staff,
  administrator,
  districtAdministrator: administrator,
  siteAdministrator: administrator,
  systemAdministrator: administrator,
  guardian: observer,
  parent: observer,
  relative: observer,
};

/** What somebody is at the institution; nothing for a role that only one vendor knows. */
export function schoolRoles(role: string): readonly string[] {
  return (Object.hasOwn(ofSchool, role) ? ofSchool[role] : undefined) ?? [];
}
