import { createHash } from 'node:crypto';
import type { SourceRow } from '../../contracts/connector.ts';

/** A user as OneRoster 1.1 has them: one role, held at one or more orgs (1.1, data model). */
export interface SingleRoleUser {
  readonly sourcedId: string;
  readonly status?: string | undefined;
  readonly dateLastModified?: string | undefined;
  readonly role: string | undefined;
  readonly orgs: readonly string[];
}

export interface MadeRoles {
  readonly rows: readonly SourceRow[];
  /** Code of what an admin should look at: an administrator whose kind cannot be told from the org. */
  readonly doubt: 'administrator_doubtful' | undefined;
}

/** Administrators of 1.1 by the type of their org; 1.2 wants to know whose they are (1.2, RoleEnum). */
const administrators: Readonly<Record<string, string>> = {
  school: 'siteAdministrator',
  district: 'districtAdministrator',
};

/** Whether only the type of its org tells which role of 1.2 it is. */
export function isAdministrator(role: string | undefined): boolean {
  return role?.toLowerCase() === 'administrator';
}

/**
 * sourcedId of a role that has none of its own: the same user, org and role always give the same one, whatever the
 * binding. `repeat` counts rows of one user that agree in all three.
 */
export function roleSourcedId(user: string, org: string, role: string, repeat = 0): string {
  const parts = repeat === 0 ? [user, org, role] : [user, org, role, String(repeat)];
  // JSON keeps the parts apart whatever they hold; 128 bits of the hash are a valid GUID (1.2 CSV §1.4).
  return `role-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
}

/**
 * Rows of `roles` out of a user of 1.1. Each is primary: 1.2 wants exactly one primary role per user and org, and a 1.1
 * user has one role.
 *
 * @param typeOf type of an org, where it is known
 */
export function makeRoles(user: SingleRoleUser, typeOf: (org: string) => string | undefined): MadeRoles {
  const { sourcedId, status, dateLastModified, role } = user;
  if (role === undefined || role === '') return { rows: [], doubt: undefined };
  let doubt: MadeRoles['doubt'];
  const rows = [...new Set(user.orgs)].map((org) => {
    let held = role;
    if (isAdministrator(role)) {
      const known = administrators[typeOf(org) ?? ''];
      if (known === undefined) doubt = 'administrator_doubtful';
      // In doubt the one that may do least.
      held = known ?? 'siteAdministrator';
    }
    const values = { userSourcedId: sourcedId, roleType: 'primary', role: held, orgSourcedId: org };
    // From the role as the source gives it: an org that becomes a district does not make another row.
    return { sourcedId: roleSourcedId(sourcedId, org, role), status, dateLastModified, values };
  });
  return { rows, doubt };
}

/** The primary org of a 1.1 user: it names none, so that only a single one is known to be it. */
export function primaryOrgOf(orgs: readonly string[]): string | undefined {
  return orgs.length === 1 ? orgs[0] : undefined;
}
