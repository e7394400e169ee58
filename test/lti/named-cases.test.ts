import { expect, test } from 'vitest';
import { caseTests } from './case-tests.ts';

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
  'Canvas: endpoints are never derived from its issuer': [
    '../connections/families.test.ts',
    'a Canvas with another issuer is another installation, whose addresses have to be given',
  ],
  'Canvas, Schoology: endpoints on another host than the issuer': [
    'inbound/lms-differences.db.test.ts',
    'an LMS whose sign-in, keys, tokens and gradebook are on another host than its issuer is met at each of them',
  ],
  'Canvas: which platform it was': [
    'inbound/lms-differences.db.test.ts',
    'of many schools on one issuer the trace keeps which platform it was',
  ],
  'Canvas: aud is exactly the token URL': [
    'lms/fixtures.db.test.ts',
    'its line items are read page by page, with a token for the audience it wants',
  ],
  'Moodle: lineitem.readonly is asked for as well': [
    'lms/family-differences.db.test.ts',
    'Moodle: both line item scopes are asked for, since the one does not hold the other there',
  ],
  'Moodle: points that it hides or cuts': [
    'lms/family-differences.db.test.ts',
    'Moodle: what it takes and shows otherwise is delivered with a warning',
  ],
  'Moodle: an older timestamp or an equal second': [
    'lms/fixtures/moodle.json',
    'an equal second or an older one',
  ],
  'Moodle: somebody it does not know': [
    'lms/fixtures/moodle.json',
    'somebody who cannot be graded in the course',
  ],
  'Moodle: no service is read without Accept': [
    'lms/gradebook.db.test.ts',
    'every page is read, with the filters and the media type of a container',
  ],
  'Moodle: one signing key at a time': [
    'inbound/key-rotation.db.test.ts',
    'a new key is fetched once, when its first token comes',
  ],
  'Moodle: person_sourcedid in spite of privacy': [
    'inbound/lms-differences.db.test.ts',
    'a LIS id that an LMS sends in spite of its privacy settings is personal data: no tool is told it unasked',
  ],
  'Brightspace: a limit for each integration': [
    'lms/family-differences.db.test.ts',
    'Brightspace: its limit for an integration is kept by the rate of the way, and its word when it was met',
  ],
  'Brightspace: one enabled registration a domain': [
    'domains/domains.db.test.ts',
    'a launch under the school’s own domain is led to the hub with its form, proven there, and opens the tool',
  ],
  'Blackboard: wrong metadata at dynamic registration': [
    'registration/register-with-lms.db.test.ts',
    '%s registers the hub and is connected, with its deployment where it says one',
  ],
  'Blackboard: a timestamp without a zone is none': ['../grades/timestamp.test.ts', '%s is none'],
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
    'a course whose LMS names no class list is refused as not granted, and the LMS is asked for nothing',
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
  'Schoology: one issuer and client_id for all schools': [
    'inbound/hub-wide.db.test.ts',
    'one address serves all schools, and the signed deployment says which one it is',
  ],
  'Canvas: which link it was stands in its address': [
    'deep-linking/addresses.test.ts',
    'a link is read again where its launch comes in: at the school’s address',
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

test.each(Object.entries(differences))('%s has its test, which runs', (_case, [file, name]) => {
  expect(caseTests(file)).toContain(name);
});
