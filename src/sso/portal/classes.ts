import { createHash } from 'node:crypto';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { PersonRoster } from '../../roster/person-roster.ts';
import type { PortalRole } from '../roles.ts';

/** A class of somebody, as the portal shows it and opens tools for it. */
export interface PortalClass {
  /** Names it in addresses and forms. It means something only among the classes of the person. */
  key: string;
  connectionId: ConnectionId;
  /** The class's sourcedId in the roster. */
  classId: string;
  title: string;
  /** Tells apart classes of one title; undefined where it says no more than the title. */
  code: string | undefined;
  school: string | undefined;
  /** What the person is there, as the roster says it. */
  roles: string[];
}

/** As long as an id of a context may be (LTI Core §5.4.1). No other class can be opened anywhere. */
const longestId = 255;

/**
 * The classes of a person in rosters that let them sign in, each once with all roles in it, by title.
 *
 * @param language of the reader, whose order counts
 */
export function groupClasses({ users, classes }: PersonRoster, language: string): PortalClass[] {
  const open = new Set(users.filter(({ isEnabled }) => isEnabled).map(({ connectionId }) => connectionId));
  const grouped = new Map<string, PortalClass>();
  for (const each of classes) {
    const { connectionId, classId, role } = each;
    if (!open.has(connectionId) || classId.length > longestId) continue;
    const key = keyOf(connectionId, classId);
    const known = grouped.get(key);
    if (known === undefined) grouped.set(key, { ...show(each), key, roles: [role] });
    else known.roles.push(role);
  }
  const { compare } = new Intl.Collator(language, { numeric: true });
  return [...grouped.values()].sort(
    (a, b) =>
      compare(a.title, b.title) ||
      compare(a.code ?? '', b.code ?? '') ||
      compare(a.school ?? '', b.school ?? '') ||
      (a.key < b.key ? -1 : 1),
  );
}

function show(row: PersonRoster['classes'][number]): Omit<PortalClass, 'key' | 'roles'> {
  const { connectionId, classId } = row;
  const code = row.classCode?.trim() || undefined;
  const title = row.title?.trim() || code || classId;
  return {
    connectionId,
    classId,
    title,
    code: code === title ? undefined : code,
    school: row.schoolName?.trim() || undefined,
  };
}

/** Short, whatever the roster calls the class. */
function keyOf(connectionId: string, classId: string): string {
  return createHash('sha256').update(`${connectionId} ${classId}`).digest('base64url').slice(0, 22);
}

const shown: Readonly<Record<string, PortalRole>> = {
  student: 'student',
  teacher: 'teacher',
  administrator: 'administrator',
  guardian: 'guardian',
  parent: 'guardian',
  relative: 'guardian',
};

/** A roster's role by the names that people are shown. */
export function shownRole(role: string): PortalRole {
  return (Object.hasOwn(shown, role) ? shown[role] : undefined) ?? 'staff';
}
