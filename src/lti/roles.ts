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
