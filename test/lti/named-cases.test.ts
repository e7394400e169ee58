import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { knownBadLaunches, mustAcceptLaunches } from '../../src/demo/lms/tampering.ts';

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

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

/** What LMSs do differently, by the test that shows what the hub does about it. */
const differences: Record<string, readonly [file: string, name: string]> = {
  'Canvas: one issuer for all schools': [
    'inbound/other-tenant.db.test.ts',
    'a token of one school is refused in another school’s login',
  ],
  'Canvas: beta and test are issuers of their own': [
    'inbound/choose-registration.test.ts',
    'an issuer is compared as it is written',
  ],
  'Canvas: its key set is asked for at each token': [
    'keys/key-set.test.ts',
    'the key set is JSON that caches may keep for a while',
  ],
  'Canvas: a User-Agent on every call': [
    '../platform/outbound/fetch.test.ts',
    'method, headers and body arrive, and the hub names itself',
  ],
  'Moodle: an id_token of a minute': [
    'inbound/check-claims.test.ts',
    'a token of a minute, as Moodle makes them, is good for that minute and the skew',
  ],
  'Moodle: the port in its domain': [
    'registration/configuration.test.ts',
    'the domain has the port, as Moodle compares it',
  ],
  'Coursera: another course id in class lists': [
    'lms/memberships.db.test.ts',
    'a class list that names its course otherwise than launches do is read all the same',
  ],
  'Canvas: data privacy launch at the bare address': [
    'deep-linking/picker.db.test.ts',
    'a data privacy launch (%s) without a tool of its own asks which one is meant',
  ],
  'Canvas: endpoints on another host than its issuer': [
    '../connections/families.test.ts',
    'a Canvas with another issuer is another installation, whose addresses have to be given',
  ],
  'Canvas: deployment_id in the login': [
    'inbound/login-request.test.ts',
    'Canvas’s deployment_id stands in for lti_deployment_id, which wins',
  ],
  'Canvas: Student View': ['lms/fixtures/canvas.json', 'Student View, or nobody of this course'],
  'Canvas: a course that has ended': ['lms/fixtures/canvas.json', 'a course that has ended'],
  'Canvas: a re-grade is no new attempt': [
    'lms/send-score.db.test.ts',
    'Canvas is told a new attempt from a re-grade, others are not',
  ],
  'Canvas: a repeat adds an attempt': [
    'lms/send-score.db.test.ts',
    'Canvas: after doubt the result is read first, and what has arrived is not sent again',
  ],
  'Canvas: an older timestamp': ['lms/fixtures/canvas.json', 'an older timestamp'],
  'Canvas: resource_link.id is the course’s': [
    'inbound/login-reason.test.ts',
    'a link that has its course’s id is a warning at Canvas, where that happens',
  ],
  'Canvas: throttling with 403': [
    'lms/decide-send-result.test.ts',
    'a used-up quota at Canvas is throttling, some of it left is not',
  ],
  'Canvas: variables that are not filled in': [
    'snapshot.test.ts',
    'a number that Canvas has not filled in is none',
  ],
  'Canvas: data privacy launch': [
    'inbound/other-messages.db.test.ts',
    'a data privacy launch (%s) opens no link and is of no course',
  ],
  'Moodle: ?type_id= in addresses': [
    'lms/gradebook.db.test.ts',
    'results are read before a query string, of one person where one is asked for',
  ],
  'Moodle: whole seconds': [
    'lms/send-score.db.test.ts',
    'Moodle: a score of the same second as the last one goes out a second later, and says so',
  ],
  'Moodle: 409 for the timestamp sent': [
    'lms/send-score.db.test.ts',
    'Moodle: after doubt 409 may be about an older score of that second, so this one is put over it',
  ],
  'Moodle: media types': [
    'lms/send-score.db.test.ts',
    'a score goes to the line item’s scores with the exact media type',
  ],
  'Moodle: one token reads every course': [
    'ags/container.db.test.ts',
    'a course in which the tool has no link is as unknown as one that never was',
  ],
  'Moodle: short roles in class lists': [
    'nrps/members.db.test.ts',
    'a class list comes under the tool’s own names for people, with what the policy lets out',
  ],
  'Moodle: pages that name the first again': [
    'lms/memberships.db.test.ts',
    '%s is asked for what it understands',
  ],
  'Moodle: addresses escaped as HTML': [
    'lms/link-header.test.ts',
    'an address escaped as in HTML is read as it is meant',
  ],
  'Moodle: secure tool URL': [
    'inbound/target.db.test.ts',
    'a target that differs from the login’s is a warning, and the signed one counts',
  ],
  'some: an issuer with a slash': [
    'inbound/login.db.test.ts',
    'issuer and client_id are compared character by character',
  ],
  'some: authorize takes POST only': [
    'inbound/login.db.test.ts',
    'where the platform takes only POST, the authentication request is posted',
  ],
  'some: a key changed under its kid': [
    'inbound/key-rotation.db.test.ts',
    'a new key under an old name is fetched after a bad signature, once the cooldown is over',
  ],
  'some: no class lists': [
    'nrps/members.db.test.ts',
    'a course without a link of the tool, or of another school, is not found',
  ],
  'some: no client_id in the login': [
    'inbound/login.db.test.ts',
    'without a client_id a sole registration of the issuer is meant',
  ],
  'some: variables of people in custom values': [
    'deep-linking/person-variables.test.ts',
    'a policy that became stricter after the link was made holds for what the LMS still sends',
  ],
  'Brightspace: the audience of assertions': [
    'lms/access-tokens.db.test.ts',
    'an audience of the registration’s own takes the place of the token address, as a string',
  ],
  'Brightspace: a key without alg': ['jwk-set.test.ts', 'a key %s is accepted'],
  'Brightspace: roles that cannot be graded': [
    'lms/fixtures/brightspace.json',
    'a role that cannot be graded',
  ],
  'Brightspace: not enrolled': ['lms/fixtures/brightspace.json', 'somebody not enrolled'],
  'Blackboard: the deployment is the school': [
    'inbound/hub-wide.db.test.ts',
    'one address serves all schools, and the signed deployment says which one it is',
  ],
  'Blackboard: a filter that drops comments': ['lms/fixtures.db.test.ts', 'its results are read'],
  'Blackboard: one message in place of a list': [
    'nrps/members.db.test.ts',
    'the members of one of the tool’s links come with what a launch of it would say',
  ],
  'Schoology: rlid': ['lms/memberships.db.test.ts', '%s is asked for what it understands'],
  'Open edX: an unescaped + in ids': [
    'lms/addresses.test.ts',
    'a filter is added to %s, whose own spelling stays',
  ],
  'Sakai: prelaunch': [
    'pages/storage-in-browser.test.ts',
    'Sakai is told of the launch first and then given the proof',
  ],
  'Sakai: stale tokens': ['lms/send-score.db.test.ts', 'Sakai’s own words for a stale token count like 401'],
};

const unescaped = (text: string) => text.replaceAll("\\'", "'");

test.each(Object.entries({ ...certification, ...differences }))('%s has its test', (_case, [file, name]) => {
  expect(unescaped(read(file))).toContain(name);
});

test('every launch of the suites is one of the simulated LMS', () => {
  expect(Object.keys(knownBadLaunches).length).toBeGreaterThanOrEqual(12);
  expect(Object.keys(mustAcceptLaunches)).toHaveLength(9);
});
