import { expect, test } from 'vitest';
import { knownBadLaunches, mustAcceptLaunches } from '../../src/demo/lms/tampering.ts';
import { readTestsOf } from '../support/named-tests.ts';
import { caseTests } from './case-tests.ts';
import { launchesOf, people } from './inbound/accepted-launches.ts';

/** The cases of the certification suites, by where the test of each stands and what it is called there. */
const certification: Record<string, readonly [file: string, name: string]> = {
  'Tool: known bad launches': ['inbound/certification.db.test.ts', 'a launch is refused: %s'],
  'Tool: launches that must be taken': [
    'inbound/certification.db.test.ts',
    'a launch of $who opens the tool: $name',
  ],
  'Platform: launch with personal data': [
    'outbound/released-claims.db.test.ts',
    'the policy "names and e-mail" tells these and nothing more',
  ],
  'Platform: launch with names only': [
    'outbound/released-claims.db.test.ts',
    'the policy "names" tells no e-mail',
  ],
  'Platform: launch without personal data': [
    'outbound/released-claims.db.test.ts',
    'the policy "anonymous" tells nothing of the person',
  ],
  'Platform: anonymous launch': [
    'outbound/id-token.db.test.ts',
    'an anonymous launch that the registration allows has no sub',
  ],
  'Platform: launch without a context': [
    'outbound/id-token.db.test.ts',
    'a launch without a course has none for the tool',
  ],
  'Platform: roles': [
    'outbound/id-token.db.test.ts',
    'short roles are told by their full names, and unknown ones as they came',
  ],
  'Platform: submission review': [
    'inbound/other-messages.db.test.ts',
    'a submission review goes on with the hub’s line item, and names the learner as launches do',
  ],
  'Platform: separate tokens': [
    'ags/certification.db.test.ts',
    'Platform AGS: line item, score and result with a separate token for each scope',
  ],
  'Platform: one token, two contexts': [
    'ags/certification.db.test.ts',
    'Platform AGS: one token posts to two contexts',
  ],
  'Platform: line item': [
    'ags/certification.db.test.ts',
    'Platform AGS: a line item is read, changed and deleted',
  ],
  'Platform: membership of a context': [
    'nrps/certification.db.test.ts',
    'Platform NRPS: the membership of a context',
  ],
  'Platform: membership by role': [
    'nrps/certification.db.test.ts',
    'Platform NRPS: the membership of a context by role',
  ],
  'Platform: membership in pages': [
    'nrps/certification.db.test.ts',
    'Platform NRPS: the membership of a context in pages',
  ],
  'Platform: membership of a resource link': [
    'nrps/certification.db.test.ts',
    'Platform NRPS: the membership of a resource link',
  ],
  'Platform: deep linking request': [
    'deep-linking/certification.db.test.ts',
    'Platform: the request says all that a tool must be told',
  ],
  'Platform: deep linking response': [
    'deep-linking/certification.db.test.ts',
    'Platform: a deep linking response with all kinds of items at once reaches the LMS',
  ],
};

test.each(Object.entries(certification))('%s has its test, which runs', (_case, [file, name]) => {
  expect(caseTests(file)).toContain(name);
});

/** The Tool suite's launches that a tool has to refuse, by the suite's words, and those of the simulated LMS that stand for it. */
const bad: Record<string, readonly string[]> = {
  'No KID sent in JWT header': ['no kid'],
  'Incorrect KID in JWT header': ['wrong kid'],
  'Wrong LTI version': ['wrong version'],
  'No LTI version': ['no version'],
  'Invalid LTI message': ['not an LTI token'],
  'Missing LTI claims': ['no LTI claims'],
  'Timestamps incorrect': ['issued in the future', 'issued long ago', 'expired'],
  'message_type claim missing': ['no message type'],
  'role claim missing': ['no roles'],
  'deployment_id claim missing': ['no deployment'],
  'resource_link_id claim missing': ['no resource link id'],
  'user claim missing': ['no subject'],
};

/** The Tool suite's launches that a tool has to take, each once for a teacher and once for a pupil. */
const good: Record<string, string> = {
  'Valid launch': 'normal',
  'with roles': 'several roles',
  'with a short role': 'short role',
  'with an unknown role': 'unknown role',
  'with no role': 'no role at all',
  'e-mail only': 'e-mail only',
  'names only': 'names only',
  'no personal data': 'no personal data',
  'e-mail without a context': 'e-mail without a context',
};

test('every launch of the Tool suite, 12 bad and 9 good ones, is one of the simulated LMS', () => {
  expect([Object.keys(bad).length, Object.keys(good).length]).toEqual([12, 9]);
  const refused = Object.values(bad).flat();
  expect(new Set(refused).size).toBe(refused.length);
  expect(Object.keys(knownBadLaunches)).toEqual(expect.arrayContaining(refused));
  expect(Object.keys(mustAcceptLaunches).sort()).toEqual(Object.values(good).sort());
});

test('all launches of the simulated LMS are tried, the good ones for a teacher and a pupil', () => {
  const tests = readTestsOf(new URL('inbound/certification.db.test.ts', import.meta.url));
  const tableOf = (wanted: string) => tests.find(({ name }) => name === wanted)?.table;
  expect(tableOf('a launch is refused: %s')).toBe('Object.entries(knownBadLaunches)');
  expect(tableOf('a launch of $who opens the tool: $name')).toBe('launchesOf(people)');
  expect(launchesOf(people)).toHaveLength(18);
});

/** The Platform suite's parts: launches, each service with what is asked of it, deep linking. */
const platformSuite = [
  ...['launch with personal data', 'launch with names only', 'launch without personal data'],
  ...['anonymous launch', 'launch without a context', 'roles', 'submission review'],
  ...['separate tokens', 'one token, two contexts', 'line item'],
  ...[
    'membership of a context',
    'membership by role',
    'membership in pages',
    'membership of a resource link',
  ],
  ...['deep linking request', 'deep linking response'],
];

test('every part of the Platform suite is listed', () => {
  const listed = Object.keys(certification).filter((key) => key.startsWith('Platform: '));
  expect(listed.sort()).toEqual(platformSuite.map((part) => `Platform: ${part}`).sort());
});
