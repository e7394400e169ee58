import { createHash } from 'node:crypto';
import type { CourseRole, Person, School, ToolItem } from '../world.ts';

/** Claims of an LTI 1.3 id_token; open, so that a test can spoil any of them. */
export type LtiClaims = Record<string, unknown>;

/** Everything a resource link launch is made of. */
export interface Launch {
  school: School;
  person: Person;
  item: ToolItem;
  clientId: string;
  deploymentId: string;
  targetLinkUri: string;
}

/** What the platform adds to a launch when it answers the authentication request. */
export interface ClaimContext {
  issuer: string;
  /** Origin of the LMS pages, without a trailing slash. */
  baseUrl: string;
  nonce: string;
  /** Unix seconds. */
  issuedAt: number;
}

const claim = 'https://purl.imsglobal.org/spec/lti/claim/';
const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const institution = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person';

/** Full claim name of an LTI Core claim, such as `deployment_id`. */
export function ltiClaim(name: string): string {
  return claim + name;
}

// Core 1.3 appendix A.2: context roles as URIs; a sub-role comes with its principal role (A.2.3.1).
const rolesOf: Record<CourseRole, readonly string[]> = {
  teacher: [`${membership}#Instructor`, `${institution}#Instructor`],
  assistant: [`${membership}/Instructor#TeachingAssistant`, `${membership}#Instructor`],
  pupil: [`${membership}#Learner`, `${institution}#Student`],
  test_pupil: [`${membership}#Learner`, 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser'],
};

/** A stable identifier that says nothing about whom or what it names. */
export function opaqueId(kind: string, id: string): string {
  return createHash('sha256').update(`${kind}:${id}`).digest('hex').slice(0, 32);
}

/** The claims of a resource link request. LTI 1.3 Core §5.3 (required) and §5.4 (optional). */
export function buildResourceLinkClaims(launch: Launch, context: ClaimContext): LtiClaims {
  const { school, person, item } = launch;
  return {
    iss: context.issuer,
    aud: launch.clientId,
    sub: opaqueId('sub', person.id),
    iat: context.issuedAt,
    exp: context.issuedAt + 300,
    nonce: context.nonce,
    ...personalClaims(person),
    [ltiClaim('message_type')]: 'LtiResourceLinkRequest',
    [ltiClaim('version')]: '1.3.0',
    [ltiClaim('deployment_id')]: launch.deploymentId,
    [ltiClaim('target_link_uri')]: launch.targetLinkUri,
    [ltiClaim('resource_link')]: {
      id: opaqueId('link', item.id),
      title: item.title,
      description: item.description,
    },
    [ltiClaim('roles')]: [...rolesOf[person.role]],
    [ltiClaim('context')]: {
      id: opaqueId('course', school.course.id),
      label: school.course.label,
      title: school.course.title,
      type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'],
    },
    // One guid a school, while issuer and client_id are shared by all (Core §5.4.2).
    [ltiClaim('tool_platform')]: {
      guid: opaqueId('school', school.slug),
      name: school.name,
      product_family_code: 'maple',
      version: '1.0',
    },
    [ltiClaim('launch_presentation')]: {
      document_target: item.opensIn === 'frame' ? 'iframe' : 'window',
      locale: person.locale,
      return_url: `${context.baseUrl}/schools/${school.slug}`,
    },
    [ltiClaim('lis')]: {
      course_offering_sourcedid: `${school.sisPrefix}-${school.course.label}`,
      ...(person.shares === 'all' ? { person_sourcedid: `${school.sisPrefix}-${person.id}` } : {}),
    },
    ...(item.custom ? { [ltiClaim('custom')]: { ...item.custom } } : {}),
  };
}

/** What the LMS lets tools see of a person. */
export function personalClaims(person: Person): LtiClaims {
  const names = {
    name: `${person.givenName} ${person.familyName}`,
    given_name: person.givenName,
    family_name: person.familyName,
  };
  switch (person.shares) {
    case 'all':
      return { ...names, email: person.email, locale: person.locale };
    case 'names':
      return { ...names, locale: person.locale };
    case 'email':
      return { email: person.email };
    case 'none':
      return {};
  }
}
