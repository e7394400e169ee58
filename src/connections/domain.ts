import { type ZodType, z } from 'zod';
import type { domainProofs } from '../../contracts/lms.ts';

export type DomainProof = (typeof domainProofs)[number];

/** A host name of a school's own, under which its LMS knows the hub. */
export interface TenantDomain {
  domain: string;
  /** What the hub answers there, to show that the name leads to it. */
  challenge: string;
  /** How it is known that the name is the school's; null: not yet, and it leads nowhere. */
  verified: DomainProof | null;
  verifiedAt: Date | null;
  createdAt: Date;
}

const label = /[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/.source;

/** A full host name in lower case, as DNS has it (RFC 1123 §2.1): several labels, the last of which is no number. */
const hostName = new RegExp(`^(${label}\\.)+(?=[a-z])${label}$`);

/** A domain as somebody enters it. */
export const domainName: ZodType<string> = z
  .string()
  .trim()
  .toLowerCase()
  .max(253, { error: 'A domain has at most 253 characters.' })
  .regex(hostName, {
    error: 'Give a host name such as lti.school.example, without https:// and without a path.',
  });

/** The name in a `Host` field, where it can be a school's; undefined for the hub's own and for what is no such name. */
export function readDomain(host: string | undefined, baseUrl: string): string | undefined {
  const name = host?.toLowerCase();
  if (name === undefined || name.length > 253 || !hostName.test(name)) return undefined;
  return name === new URL(baseUrl).hostname ? undefined : name;
}

/** The hub's address at a domain: its own address under another name. */
export function addressAt(baseUrl: string, domain: string): string {
  const url = new URL(baseUrl);
  url.hostname = domain;
  return url.origin;
}

/** Where the hub answers the challenge of the domain that it is asked at. */
export const challengePath = '/.well-known/gatehouse-domain';

/** Whether an answer at the domain is the hub's own: it has the challenge on a line of its own. */
export function decideReached(answer: { status: number; text: string }, challenge: string): boolean {
  return answer.status === 200 && answer.text.split('\n').includes(challenge);
}
