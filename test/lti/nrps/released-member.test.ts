import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LmsMember } from '../../../src/lti/lms/member.ts';
import {
  digestOf,
  hasRole,
  releaseMember,
  sampleMemberFields,
  showMember,
} from '../../../src/lti/nrps/released-member.ts';
import { type FieldName, fixedFieldNames } from '../../../src/privacy/fields.ts';
import { type PurposeRules, purposes } from '../../../src/privacy/policy.ts';

/** A member each of whose values says which field it is. */
const member: LmsMember = {
  subject: 'value of the subject',
  state: 'Active',
  roles: ['value of roles'],
  name: 'value of person.name',
  givenName: 'value of person.given_name',
  familyName: 'value of person.family_name',
  email: 'value of person.email',
  picture: 'value of person.picture',
  personSourcedId: 'value of lis.person_sourcedid',
  custom: { level: 'value of custom.level', room: 'value of custom.room' },
};
const names: FieldName[] = [...fixedFieldNames, 'custom.level', 'custom.room'];
const key = () => Buffer.alloc(32, 1);
const rulesOf = fc.dictionary(
  fc.constantFrom(...names),
  fc.constantFrom('allow', 'hash', 'drop'),
) as fc.Arbitrary<PurposeRules>;

test('nothing of a member leaves that the rules for rosters do not let out, whatever the others say', () => {
  fc.assert(
    fc.property(rulesOf, rulesOf, fc.boolean(), (roster, others, withMessage) => {
      const rules = Object.fromEntries(
        purposes.map((purpose) => [purpose, purpose === 'roster' ? roster : others]),
      );
      const release = { rules, key, custom: { own: 'of the school' } };
      const shown = JSON.stringify(showMember(release, member, releaseMember(release, member), withMessage));
      const left = names.filter((name) => shown.includes(`value of ${name}"`));
      const allowed = names.filter((name) => roster[name] === 'allow');
      for (const name of left) expect(allowed).toContain(name);
      expect(shown).not.toContain('value of the subject');
      expect(shown.includes('of the school')).toBe(withMessage);
    }),
  );
});

test('a digest changes with what is shown, and differs from tool to tool', () => {
  const release = { rules: {}, key, custom: {} };
  const other = { ...release, key: () => Buffer.alloc(32, 2) };
  const one = digestOf(release, { name: 'a' });
  expect(digestOf(release, { name: 'a' })).toEqual(one);
  expect(digestOf(release, { name: 'b' })).not.toEqual(one);
  expect(digestOf(other, { name: 'a' })).not.toEqual(one);
});

const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
test.each([
  [['Learner'], 'Learner', false],
  [[`${membership}#Learner`], 'Learner', true],
  [[`${membership}#Learner`], `${membership}#Learner`, true],
  [[`${membership}/Instructor#TeachingAssistant`], 'Instructor', true],
  [[`${membership}#Instructor`], `${membership}/Instructor#TeachingAssistant`, false],
  [[], 'Learner', false],
])('%j has the role %s: %s', (roles, role, expected) => {
  expect(hasRole({ roles }, role)).toBe(expected);
});

test('the sample offers every field of a member', () => {
  const offered = Object.entries(sampleMemberFields()).filter(([, value]) => value !== undefined);
  const launchOnly = [
    'person.locale',
    'lis.course',
    'context.type',
    'resource_link',
    'presentation',
    'lti1p1',
    'result',
  ];
  const ofRosters = fixedFieldNames.filter((name) => !launchOnly.some((start) => name.startsWith(start)));
  expect(offered.map(([name]) => name).sort()).toEqual([...ofRosters].sort());
});
