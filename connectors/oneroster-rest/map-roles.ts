import type { SourceRow } from '../../contracts/connector.ts';
import { isAdministrator, makeRoles, roleSourcedId } from '../oneroster/made-roles.ts';
import { isMember, type Member } from './answer.ts';
import { orgsOf, readHead } from './map.ts';
import type { Notes } from './notes.ts';
import type { Settings } from './settings.ts';
import { metadataOf, reference, text } from './values.ts';

/** Members of a user that roles are made of. */
export const roleFields: Readonly<Record<Settings['version'], string>> = {
  '1.1': 'sourcedId,status,dateLastModified,role,orgs',
  '1.2': 'sourcedId,status,dateLastModified,roles',
};

/** Whether a role of 1.1 can only be told with the type of its org. */
export function needsOrgTypes(version: Settings['version'], { role }: Member): boolean {
  return version === '1.1' && typeof role === 'string' && isAdministrator(role);
}

/** Rows of roles, out of a member of the list of users. */
export function mapRoles(
  version: Settings['version'],
  member: Member,
  typeOf: (org: string) => string | undefined,
  notes: Notes,
): readonly SourceRow[] {
  const head = readHead(member, notes);
  if (head === undefined) return [];
  // A user who is gone says no more than that.
  const isGone = head.status === 'tobedeleted';
  if (version === '1.1') {
    const role = text(member.role, 'role', notes);
    const orgs = orgsOf(member, notes);
    if (!isGone && role === undefined) notes.add('user_without_role', 'role');
    else if (!isGone && orgs.length === 0) notes.add('role_without_org', 'orgSourcedId');
    const { rows, doubt } = makeRoles({ ...head, role, orgs }, typeOf);
    if (doubt !== undefined) notes.add(doubt, 'role');
    return rows;
  }
  const roles = Array.isArray(member.roles) ? member.roles.filter(isMember) : [];
  // 1.2, User: one role at least.
  if (!isGone && roles.length === 0) notes.add('user_without_role', 'role');
  const seen = new Map<string, number>();
  return roles.map((one) => {
    const role = text(one.role, 'role', notes) ?? '';
    const org = reference(one.org, 'orgSourcedId', notes) ?? '';
    const key = JSON.stringify([org, role]);
    const repeat = seen.get(key) ?? 0;
    seen.set(key, repeat + 1);
    const values = {
      userSourcedId: head.sourcedId,
      roleType: text(one.roleType, 'roleType', notes),
      role: role || undefined,
      beginDate: text(one.beginDate, 'beginDate', notes),
      endDate: text(one.endDate, 'endDate', notes),
      orgSourcedId: org || undefined,
    };
    // Role of the 1.2 REST binding has no sourcedId of its own.
    return {
      ...head,
      sourcedId: roleSourcedId(head.sourcedId, org, role, repeat),
      values,
      metadata: metadataOf(one),
    };
  });
}
