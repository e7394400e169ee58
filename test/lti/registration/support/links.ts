import type { LmsInvitationInput } from '../../../../src/lti/registration/invitations.ts';
import { inviteLms, listInvitations } from '../../../../src/lti/registration/invitations.ts';
import type { Tenant } from '../../../../src/tenants/tenants.ts';
import { type Answer, send } from '../../../demo/support/user-agent.ts';
import type { TestDatabase } from '../../../support/database.ts';
import type { HubWorld } from '../../../support/hub.ts';

/** Set-up links of tenants, and what opening one gives. */
export function createLinks({ database }: TestDatabase, world: HubWorld) {
  const by = () => ({ actor: 'test', now: world.clock.now() });
  return {
    by,
    async make(tenant: Tenant, input: LmsInvitationInput): Promise<string> {
      const { token } = await database.withTenant(tenant.tenantId, (tx) => inviteLms(tx, input, by()));
      return `${world.hubUrl}/t/${tenant.slug}/lti/register/${token}`;
    },
    /** What an LMS adds to the address. */
    open(link: string, parameters: Record<string, string> = {}, headers = {}): Promise<Answer> {
      const query = new URLSearchParams(parameters).toString();
      return send(query === '' ? link : `${link}?${query}`, { headers });
    },
    list: (tenant: Tenant) => database.withTenant(tenant.tenantId, (tx) => listInvitations(tx, 'lms')),
  };
}

/** The code that a page of refusal shows to engineers. */
export function codeOf({ body }: Answer): string | undefined {
  return /<details>.*?<p[^>]*>(\w+):/s.exec(body)?.[1];
}
