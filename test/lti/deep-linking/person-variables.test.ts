import { expect, test } from 'vitest';
import { keptBack, mayAskFor, ownWords } from '../../../src/lti/deep-linking/person-variables.ts';
import { buildIdToken } from '../../../src/lti/outbound/id-token.ts';
import { takeSnapshot } from '../../../src/lti/snapshot.ts';
import type { PolicyRules } from '../../../src/privacy/policy.ts';

const allowing = (...fields: string[]): PolicyRules => ({
  launch: Object.fromEntries(fields.map((field) => [field, 'allow' as const])),
});

test.each([
  ['$Person.name.full', 'person.name'],
  ['$PERSON.NAME.GIVEN', 'person.given_name'],
  ['$Person.name.family', 'person.family_name'],
  ['$Person.name.middle', 'person.name'],
  ['$Person.email.primary', 'person.email'],
  ['$Person.sourcedId', 'lis.person_sourcedid'],
  ['$User.image', 'person.picture'],
])('%s is asked for exactly where %s may go', (variable, field) => {
  expect(mayAskFor(allowing(field), variable)).toBe(true);
  expect(mayAskFor({}, variable)).toBe(false);
  expect(mayAskFor({ launch: { [field]: 'hash' as const } }, variable)).toBe(false);
});

test.each(['$Person.phone.mobile', '$Person.address.street1', '$Person.', '$Person.unknown'])(
  '%s is no field, and never asked for',
  (variable) => {
    const every = allowing('person.name', 'person.email', 'lis.person_sourcedid', 'person.picture');
    expect(mayAskFor(every, variable)).toBe(false);
  },
);

test('words and variables of other things are not this rule’s matter', () => {
  for (const value of ['x', '', '$CourseSection.title', 'Person.name.full'])
    expect(mayAskFor({}, value)).toBe(true);
  expect(ownWords({ own: 'x', full: '$Person.name.full' })).toEqual({ own: 'x' });
  expect([...keptBack({}, { own: 'x', full: '$Person.name.full' })]).toEqual(['full']);
});

test('a policy that became stricter after the link was made holds for what the LMS still sends', () => {
  const claim = 'https://purl.imsglobal.org/spec/lti/claim/custom';
  const tell = (rules: PolicyRules) => {
    const snapshot = {
      ...takeSnapshot(
        { [claim]: { full: 'Ada Example', course: 'Maths' } },
        { slug: 's', name: 'S' },
        'https://t/',
      ),
      itemCustom: { own: 'x', full: '$Person.name.full', course: '$CourseSection.title' },
    };
    const ids = { toolId: 't', personId: null, contextId: null, resourceLinkId: null, lineItemId: null };
    const opened = {
      ...ids,
      scopes: [],
      snapshot,
      sub: 's',
      deploymentId: 'd',
      custom: {},
      rules,
      hasLegacyKey: false,
    };
    const hub = {
      issuer: 'https://hub',
      tenantId: 't',
      returnUrl: undefined,
      releaseKey: () => Buffer.alloc(32),
      now: 0,
    };
    return buildIdToken(hub, opened as never, { clientId: 'c', nonce: 'n' } as never)[claim];
  };
  const custom = { 'custom.full': 'allow', 'custom.course': 'allow' } as const;
  expect(tell({ launch: { ...custom, 'person.name': 'allow' } })).toEqual({
    own: 'x',
    full: 'Ada Example',
    course: 'Maths',
  });
  expect(tell({ launch: custom })).toEqual({ own: 'x', course: 'Maths' });
});
