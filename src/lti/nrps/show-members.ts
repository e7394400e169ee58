import { findMembers, meetMembers } from '../../people/members.ts';
import { namesForTool } from '../../privacy/pseudonyms.ts';
import { groupIdFor } from '../groups/shown-group.ts';
import { isKept } from '../kept-gradebook.ts';
import type { LmsMember } from '../lms/member.ts';
import type { NrpsServices, Reading } from './reading.ts';
import { digestOf, hasRole, releaseMember, showMember } from './released-member.ts';
import { endReading, listGone, noteShown } from './shown-store.ts';

/** Meets the members and shows them; on the last page of what has changed, also those who have gone. */
export async function showMembers(
  { db, clock }: NrpsServices,
  { call, course, list, position, startedAt, shown, groups: withGroups }: Reading,
  found: readonly LmsMember[],
  isLast: boolean,
): Promise<Record<string, unknown>[]> {
  const members = [...new Map(found.map((member) => [member.subject, member])).values()];
  const { role, since, resourceLinkId } = position;
  const now = clock.now();
  return db.withTenant(call.tenantId, async (tx) => {
    // A roster's users are linked to their persons by the roster itself.
    const met = isKept(course.membershipsUrl)
      ? await findMembers(
          tx,
          course.connectionId,
          members.map(({ subject }) => subject),
        )
      : await meetMembers(
          tx,
          course.connectionId,
          members.map((member) => ({ ...member, claimedId: member.personSourcedId?.trim() || undefined })),
          now,
        );
    const names = await namesForTool(tx, call.toolId, [...new Set(met.values())], now);
    const entries = members
      .map((member) => {
        const fields = releaseMember(shown, member);
        const entry = showMember(shown, member, fields, resourceLinkId !== undefined);
        return { member, fields, entry, sub: names.get(met.get(member.subject) ?? ('' as never)) };
      })
      .filter(({ sub }) => sub !== undefined)
      .toSorted((a, b) => (a.member.subject < b.member.subject ? -1 : 1));
    // With a role, a reading does not meet everybody.
    const changedAt = role === undefined ? await note() : undefined;
    const wanted = entries.filter(
      ({ member, fields }) =>
        (role === undefined || hasRole(fields, role)) &&
        (since === undefined || (changedAt?.get(member.subject)?.getTime() ?? 0) > since),
    );
    const gone =
      since !== undefined && isLast
        ? await listGone(tx, list, { ...course, since: new Date(since), seenBefore: startedAt })
        : [];
    // Two accounts of one person are one member.
    const each = new Map(
      wanted.map(({ member, entry, sub }) => [sub, { ...entry, ...groupsOf(member), user_id: sub }]),
    );
    return [...each.values(), ...gone.map((sub) => ({ status: 'Deleted', user_id: sub, roles: [] }))];

    /** Not in the digest: whoever reads with groups and whoever reads without are told the same changes. */
    function groupsOf({ state, groups }: LmsMember): Record<string, unknown> {
      if (!withGroups || groups === undefined || state === 'Deleted') return {};
      const release = { ...shown, contextId: call.contextId };
      return { group_enrollments: groups.map((id) => ({ group_id: groupIdFor(release, 'group', id) })) };
    }

    async function note() {
      const rows = entries.map(({ member, entry }) => ({
        subject: member.subject,
        digest: digestOf(shown, entry),
        isGone: member.state === 'Deleted',
      }));
      const noted = await noteShown(tx, list, rows, startedAt);
      if (isLast) await endReading(tx, list, startedAt);
      return noted;
    }
  });
}
