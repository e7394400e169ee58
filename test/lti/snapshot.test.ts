import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claim, type Payload } from '../../src/lti/claims.ts';
import { findLeftOut, launchSnapshot, takeSnapshot } from '../../src/lti/snapshot.ts';

const school = { slug: 'north', name: 'North' };
const take = (payload: Payload) => takeSnapshot(payload, school, 'https://tool.example/');

test('what the LMS said is taken, claim by claim', () => {
  const snapshot = take({
    name: 'Amara Nwosu',
    given_name: 'Amara',
    family_name: 'Nwosu',
    email: 'amara@north.example',
    locale: 'en',
    picture: 'https://lms.example/a.png',
    [claim.roles]: ['Learner'],
    [claim.context]: { id: 'c', label: 'BIO', title: 'Biology', type: ['CourseSection'] },
    [claim.resourceLink]: { id: 'r', title: 'Lab', description: 'Cells' },
    [claim.lis]: { person_sourcedid: 'p', course_offering_sourcedid: 'o', course_section_sourcedid: 's' },
    [claim.toolPlatform]: { guid: 'g', name: 'LMS', url: 'https://lms.example' },
    [claim.launchPresentation]: {
      locale: 'de',
      return_url: 'https://lms.example/back',
      document_target: 'iframe',
    },
    [claim.custom]: { level: '9', points: 5, graded: true },
  });
  expect(snapshot).toEqual({
    tenant: school,
    target: 'https://tool.example/',
    roles: ['Learner'],
    person: {
      name: 'Amara Nwosu',
      givenName: 'Amara',
      familyName: 'Nwosu',
      email: 'amara@north.example',
      locale: 'en',
      picture: 'https://lms.example/a.png',
    },
    context: { label: 'BIO', title: 'Biology', type: ['CourseSection'] },
    resourceLink: { title: 'Lab', description: 'Cells' },
    lis: { personSourcedId: 'p', courseOfferingSourcedId: 'o', courseSectionSourcedId: 's' },
    presentation: { locale: 'de', returnUrl: 'https://lms.example/back' },
    custom: { level: '9', points: '5', graded: 'true' },
  });
});

test('numbers of a school’s own records count as their text; what JSON has rounded, and 0, are left out', () => {
  const lis = { person_sourcedid: 4711, course_offering_sourcedid: 2 ** 53, course_section_sourcedid: 0 };
  const snapshot = take({ [claim.lis]: lis, [claim.lti1p1]: { user_id: 42, resource_link_id: 1.5 } });
  expect(snapshot.lis).toEqual({ personSourcedId: '4711' });
  expect(snapshot.legacy).toEqual({ userId: '42' });
});

test('a launch without a course has none; one whose course says nothing has an empty one', () => {
  expect(take({}).context).toBeUndefined();
  expect(take({ [claim.context]: {} }).context).toEqual({ label: undefined, title: undefined, type: [] });
});

test('what is malformed, too long or cannot be stored is left out, and the rest stays', () => {
  const snapshot = take({
    name: ['Amara'],
    given_name: 'x'.repeat(2_001),
    family_name: 'nul\0',
    email: '',
    [claim.roles]: ['Learner', 7, 'r'.repeat(501)],
    [claim.custom]: { object: {}, list: [], nothing: null, nul: 'a\0', half: '\ud800', kept: 'k' },
    [claim.launchPresentation]: { return_url: 'javascript:alert(1)', locale: 'en' },
  });
  expect(Object.values(snapshot.person).filter((value) => value !== undefined)).toEqual([]);
  expect(snapshot.roles).toEqual(['Learner']);
  expect(snapshot.custom).toEqual({ kept: 'k' });
  expect(snapshot.presentation).toMatchObject({ returnUrl: undefined, locale: 'en' });
});

test('a parameter cannot be named so that it means something else', () => {
  const payload = JSON.parse(`{"${claim.custom}": {"__proto__": "x", "kept": "k"}}`) as Payload;
  const { custom } = take(payload);
  expect(Object.keys(custom)).toEqual(['kept']);
  expect(Object.getPrototypeOf(custom)).toBe(Object.prototype);
});

test('whatever a token says, what is taken can be stored and read back', () => {
  const names = [...Object.values(claim), 'name', 'given_name', 'family_name', 'email', 'locale', 'picture'];
  const inner = fc.constantFrom(
    'id',
    'title',
    'label',
    'type',
    'return_url',
    'guid',
    'person_sourcedid',
    'level',
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(inner, fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue())),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), (payload) => {
      const text = JSON.stringify(take(payload));
      // PostgreSQL's jsonb refuses both.
      expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/);
      expect(launchSnapshot.safeParse(JSON.parse(text)).success).toBe(true);
    }),
  );
});

test('an e-mail address is taken up to the length that one may have', () => {
  const emailOf = (length: number) => take({ email: `${'ä'.repeat(length - 2)}@x` }).person.email;
  expect([emailOf(320)?.length, emailOf(321)]).toEqual([320, undefined]);
});

test('a number that Canvas has not filled in is none', () => {
  const { lis } = takeSnapshot(
    {
      'https://purl.imsglobal.org/spec/lti/claim/lis': {
        person_sourcedid: '$Person.sourcedId',
        course_offering_sourcedid: '$CourseSection.sourcedId',
        course_section_sourcedid: '$7 for lunch',
      },
    },
    { slug: 's', name: 'S' },
    'https://tool.example/',
  );
  expect(lis).toEqual({ courseSectionSourcedId: '$7 for lunch' });
});

test.each([
  ['a parameter too long', { [claim.custom]: { a: 'x'.repeat(4_001), b: 'kept' } }, ['custom_left_out']],
  [
    'too many',
    { [claim.custom]: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [n, 'x'])) },
    ['custom_left_out'],
  ],
  ['one that is no text', { [claim.custom]: { a: {} } }, ['custom_left_out']],
  ['too many roles', { [claim.roles]: Array.from({ length: 101 }, (_, n) => `r${n}`) }, ['roles_left_out']],
  ['a role too long', { [claim.roles]: ['r'.repeat(501)] }, ['roles_left_out']],
  ['nothing of importance', { [claim.roles]: ['Learner', null], [claim.custom]: { a: null, b: '' } }, []],
])('what is left out is known: %s', (_case, payload, expected) => {
  expect(findLeftOut(payload, take(payload))).toEqual(expected);
});
