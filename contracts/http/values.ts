import { z } from 'zod';
import { entities } from '../roster.ts';

/** An instant (RFC 3339), in UTC. */
export const instant = z.iso.datetime();

export const tenantParams = z.object({
  slug: z.string().min(1).max(63).describe('The tenant’s short name'),
});

/** A UUID, which may come in letters of either case (RFC 9562 §4); the hub's own are small. */
export const givenUuid = z.uuid().toLowerCase();

export const rosterParams = tenantParams.extend({
  connectionId: givenUuid.describe('The roster connection'),
});

export const runParams = rosterParams.extend({ runId: givenUuid.describe('The run') });

export const entityName = z.enum(entities);

/** Why something is done: it stands in the audit trail. */
export const reasonText = z.string().trim().min(1).max(1000).optional().describe('Why, for the audit trail');

export const reasonBody = z.strictObject({ reason: reasonText });

/** Most rows of one answer, and how many there are if nobody says. */
export const pageLimit = z.coerce
  .number()
  .int()
  .min(1)
  .max(200)
  .default(50)
  .describe('Most rows in the answer');

/** What people type to find something: matched anywhere in names, in any case of letters. */
export const searchText = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .describe('Part of a name, in any case of letters');

/** A host name. */
export const domain = z.string().trim().min(1).max(253);

export const sortOrder = z.enum(['asc', 'desc']).default('asc');

export const toolSlug = z.string().min(1).max(63).describe('The tool’s short name');

export const ownToolParams = tenantParams.extend({ tool: toolSlug });
