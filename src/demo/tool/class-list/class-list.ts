import { z } from 'zod';
import type { Answer, ServiceCall } from '../service-call.ts';
import type { VerifiedClaims } from '../verify.ts';

const scope = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const claim = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
const mediaType = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

const member = z.object({
  user_id: z.string(),
  status: z.string().default('Active'),
  roles: z.array(z.string()),
  name: z.string().optional(),
  email: z.string().optional(),
});
const container = z.object({ members: z.array(member) });

export type Member = z.output<typeof member>;

/** Where a launch says that the class list is. NRPS 2.0 §3.6.1.1. */
export function findClassList(claims: VerifiedClaims): string | undefined {
  const { context_memberships_url: url } = (claims[claim] ?? {}) as { context_memberships_url?: unknown };
  return typeof url === 'string' ? url : undefined;
}

/** The first page of a class list, and whether there is more. */
export function readClassList(
  call: ServiceCall,
  url: string,
): Promise<Answer<{ members: Member[]; hasMore: boolean }>> {
  return call({ url, scopes: [scope], headers: { accept: mediaType } }, async (answer) => ({
    members: container.parse(await answer.json()).members,
    hasMore: /rel="?next"?/.test(answer.headers.get('link') ?? ''),
  }));
}
