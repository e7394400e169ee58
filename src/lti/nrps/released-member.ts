import { createHmac } from 'node:crypto';
import { defined } from '../../platform/defined.ts';
import type { Fields } from '../../privacy/fields.ts';
import type { PolicyRules } from '../../privacy/policy.ts';
import { type GivenFields, type ReleaseKeySource, release } from '../../privacy/release.ts';
import { claim } from '../claims.ts';
import type { LmsMember } from '../lms/member.ts';
import { fullRole } from '../roles.ts';

/** How members are shown to one tool. */
export interface Release {
  rules: PolicyRules;
  key: ReleaseKeySource;
  /** The school's own custom parameters for the tool. */
  custom: Readonly<Record<string, string>>;
}

/** What an LMS says of a member, by the names of the release policy. */
function fieldsOf(member: LmsMember): GivenFields {
  return {
    'person.name': member.name,
    'person.given_name': member.givenName,
    'person.family_name': member.familyName,
    'person.email': member.email,
    'person.picture': member.picture,
    'lis.person_sourcedid': member.personSourcedId,
    roles: member.roles.map(fullRole),
    ...Object.fromEntries(Object.entries(member.custom).map(([name, value]) => [`custom.${name}`, value])),
  };
}

/** The fields that a made-up pupil in a class list offers to the release policy: for previews. */
export function sampleMemberFields(): GivenFields {
  const member = fieldsOf({
    subject: 'pupil',
    state: 'Active',
    roles: ['Learner'],
    name: 'Ada Example',
    givenName: 'Ada',
    familyName: 'Example',
    email: 'ada@school.example',
    picture: 'https://school.example/ada.png',
    personSourcedId: 'pupil-0001',
    custom: {},
  });
  return { ...member, 'context.label': 'Maths 7b', 'context.title': 'Mathematics, class 7b' };
}

/** What of a member leaves the hub. */
export function releaseMember({ rules, key }: Release, member: LmsMember): Fields {
  return release(rules, 'roster', fieldsOf(member), key);
}

/** A member as the tool sees them (NRPS 2.0 §2.2), but for their name there. */
export function showMember(
  { custom }: Release,
  { state }: Pick<LmsMember, 'state'>,
  fields: Fields,
  withMessage: boolean,
): Record<string, unknown> {
  // Whoever has left is named no more (NRPS 2.0 §2.4.3): the tool is told by the id that it has.
  if (state === 'Deleted') return { status: state, roles: [] };
  return defined({
    status: state,
    name: fields['person.name'],
    given_name: fields['person.given_name'],
    family_name: fields['person.family_name'],
    email: fields['person.email'],
    picture: fields['person.picture'],
    lis_person_sourcedid: fields['lis.person_sourcedid'],
    roles: fields.roles ?? [],
    // NRPS 2.0 §3.2: where a link is asked for, each member comes with what a launch of it would say of them.
    message: withMessage
      ? [{ [claim.messageType]: 'LtiResourceLinkRequest', [claim.custom]: customOf(fields, custom) }]
      : undefined,
  });
}

function customOf(fields: Fields, custom: Readonly<Record<string, string>>): Record<string, unknown> {
  const released = Object.entries(fields).filter(([name]) => name.startsWith('custom.'));
  return {
    ...Object.fromEntries(released.map(([name, value]) => [name.slice('custom.'.length), value])),
    ...custom,
  };
}

/** Tells whether what a tool was shown of somebody has changed, and nothing else: it is keyed. */
export function digestOf({ key }: Release, shown: Readonly<Record<string, unknown>>): Buffer {
  return createHmac('sha256', key()).update(JSON.stringify(shown)).digest();
}

/**
 * Whether a member has a role, by what the tool may know of them (NRPS 2.0 §2.4.1). A sub-role counts as the role it
 * belongs to (LTI Core, appendix A.2.3.2).
 */
export function hasRole({ roles = [] }: Fields, wanted: string): boolean {
  const full = fullRole(wanted);
  return roles.some((role) => role === full || principalOf(role) === full);
}

const vocabulary = 'http://purl.imsglobal.org/vocab/lis/v2/membership';

function principalOf(role: string): string | undefined {
  const principal = /^http:\/\/purl\.imsglobal\.org\/vocab\/lis\/v2\/membership\/(\w+)#/.exec(role)?.[1];
  return principal && `${vocabulary}#${principal}`;
}
