import type { TenantId } from '../../../contracts/ids.ts';
import { inviteLms, inviteTool } from '../../../src/lti/registration/invitations.ts';
import type { TestDatabase } from '../../support/database.ts';
import type { Sent } from './api-world.ts';

/** An open set-up link of a tenant, and an open registration token of the hub. @param now Unix milliseconds */
export async function addInvitations({ database }: TestDatabase, tenantId: TenantId, now: number) {
  const by = { actor: 'test', now };
  const lms = await database.withTenant(tenantId, (tx) => inviteLms(tx, { family: 'moodle' }, by));
  const tool = await database.withHub((tx) => inviteTool(tx, { slug: 'invited' }, by));
  return {
    ofTenant: { invitationId: lms.invitation.invitationId },
    ofHub: { invitationId: tool.invitation.invitationId },
  };
}

/** For each endpoint about invitations what would be done, were it allowed. */
export const invitationWishes = {
  listLmsInvitations: {},
  inviteLms: { body: { family: 'moodle' } },
  revokeLmsInvitation: {},
  showLmsSetup: { query: { family: 'moodle' } },
  findPlatform: { body: { site: 'https://lms.example' } },
  listToolInvitations: {},
  inviteTool: { body: { tool: 'quiz' } },
  revokeToolInvitation: {},
} as const satisfies Record<string, Sent>;
