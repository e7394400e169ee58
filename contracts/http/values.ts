import { z } from 'zod';
import { entities } from '../roster.ts';

/** An instant (RFC 3339), in UTC. */
export const instant = z.iso.datetime();

export const tenantParams = z.object({
  slug: z.string().min(1).max(63).describe('The tenant’s short name'),
});

export const rosterParams = tenantParams.extend({
  connectionId: z.uuid().describe('The roster connection'),
});

export const runParams = rosterParams.extend({ runId: z.uuid().describe('The run') });

export const entityName = z.enum(entities);

/** Why something is done: it stands in the audit trail. */
export const reasonBody = z.strictObject({
  reason: z.string().trim().min(1).max(1000).optional().describe('Why, for the audit trail'),
});
