import { z } from 'zod';
import { portalRoles } from '../../contracts/sso.ts';

export type PortalRole = (typeof portalRoles)[number];

/** Members of a group, or those whose attribute says so, have the role. */
export const roleRules = z
  .array(
    z.strictObject({
      /** Name of a group or of an affiliation, compared without regard to case; `*` is everybody. */
      group: z.string().min(1).max(500),
      role: z.enum(portalRoles),
    }),
  )
  .max(200);
export type RoleRules = z.output<typeof roleRules>;

/** The role of the first rule that fits, or undefined: then the roster alone says what somebody is. */
export function decideRole(rules: RoleRules, groups: readonly string[]): PortalRole | undefined {
  const known = new Set(groups.map((group) => group.toLowerCase()));
  return rules.find(({ group }) => group === '*' || known.has(group.toLowerCase()))?.role;
}
