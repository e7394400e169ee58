import { buildResourceLinkClaims, type ClaimContext, type LtiClaims } from '../../../src/demo/lms/claims.ts';
import type { Person, School, ToolItem } from '../../../src/demo/world.ts';

/** Schools that share one issuer and client_id. */
export const tenantCount = 200;
const personsPerTenant = 7;
const linksPerTenant = 6;
/** One launch in this many is of a person nobody has met. */
const firstLaunchEvery = 50;

/** As many launches from number 0 on as it takes until everybody and every link has been met. */
export const introductions = tenantCount * personsPerTenant;

/** Who launches what where. */
export interface Visit {
  tenant: number;
  school: School;
  person: Person;
  item: ToolItem;
  deploymentId: string;
}

export const issuer = 'https://canvas.instructure.com';
export const clientId = '10000000000042';

export function slugOf(tenant: number): string {
  return `school-${tenant}`;
}

export function deploymentOf(tenant: number): string {
  return `deployment-${tenant}`;
}

/** The launch with this number: schools in turn, and at each its persons and links in turn. */
export function visitOf(number: number): Visit {
  const tenant = number % tenantCount;
  const turn = Math.floor(number / tenantCount);
  const isFirst = number >= introductions && (turn * 13 + number) % firstLaunchEvery === 0;
  const person = isFirst ? `new-${number}` : `${turn % personsPerTenant}`;
  const link = turn % linksPerTenant;
  return {
    tenant,
    school: schoolOf(tenant, Math.floor(link / 2)),
    person: personOf(tenant, person),
    item: { ...item, id: `link-${tenant}-${link}` },
    deploymentId: deploymentOf(tenant),
  };
}

function schoolOf(tenant: number, course: number): School {
  return {
    slug: slugOf(tenant),
    name: `School ${tenant}`,
    sisPrefix: `S${tenant}`,
    people: [],
    course: {
      id: `course-${tenant}-${course}`,
      label: `BIO-${course}`,
      title: `Biology ${course}, Section B`,
      term: '',
      welcome: '',
      modules: [],
      agenda: [],
    },
  };
}

function personOf(tenant: number, name: string): Person {
  return {
    id: `person-${tenant}-${name}`,
    givenName: 'Amara',
    familyName: `Nwosu ${name}`,
    email: `amara.${name}@school-${tenant}.example`,
    role: 'pupil',
    shares: 'all',
    locale: 'en',
  };
}

const item: Omit<ToolItem, 'id'> = {
  kind: 'tool',
  title: 'Cell structure lab',
  description: 'Label the parts of a plant cell and explain what each one does.',
  tool: 'sample-tool',
  opensIn: 'frame',
  custom: { activity: 'cell-structure', level: '9' },
};

/** What the LMS says of a visit. */
export function claimsOf(visit: Visit, targetLinkUri: string, nonce: string): LtiClaims {
  const { school, person, item: opened, deploymentId } = visit;
  const context: ClaimContext = {
    issuer,
    baseUrl: 'https://canvas.example',
    nonce,
    issuedAt: Math.floor(Date.now() / 1000),
  };
  return buildResourceLinkClaims(
    { school, person, item: opened, clientId, deploymentId, targetLinkUri },
    context,
  );
}
