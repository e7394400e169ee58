import type { PortalLaunch } from '../../lti/portal-launch.ts';
import { classRoles, schoolRoles } from '../../lti/roles.ts';
import type { Session } from '../sessions/session.ts';
import type { PortalClass } from './classes.ts';
import { nameOf, type Portal } from './read-portal.ts';

type Planned = Omit<PortalLaunch, 'tenant' | 'returnUrl' | 'locale' | 'reference'>;

/**
 * What a click opens, and as what. The form names a tool and a class; whatever else goes to the tool is what the roster
 * says of the person now.
 *
 * @returns undefined for a class that the person is not in (any more)
 */
export function planLaunch(
  portal: Portal,
  session: Session,
  form: Readonly<Record<string, unknown>>,
): Planned | undefined {
  const toolId = typeof form.tool === 'string' ? form.tool : '';
  const { personId } = session;
  if (form.class === undefined || form.class === '') {
    const [user] = portal.users;
    const roles = portal.users.flatMap((each) => each.roles.map(({ role }) => role));
    return {
      ...{ personId, toolId, class: undefined, userId: user?.sourcedId, person: personOf(portal, user) },
      connectionId: session.connectionId,
      roles: ltiRoles([], roles, session.role),
    };
  }
  const chosen = portal.classes.find(({ key }) => key === form.class);
  if (chosen === undefined) return undefined;
  const { connectionId, classId, title } = chosen;
  const user = portal.users.find((each) => each.connectionId === connectionId);
  return {
    ...{ personId, toolId, connectionId, userId: user?.sourcedId, person: personOf(portal, user) },
    class: { classId, title, label: labelOf(chosen) },
    roles: ltiRoles(chosen.roles, user?.roles.map(({ role }) => role) ?? [], session.role),
  };
}

/** LTI Core §5.4.1: what people call the class for short. */
function labelOf({ code, title }: PortalClass): string {
  return code ?? title;
}

/** Roles in the class, and then at the institution: by the roster, or where it knows none, by the sign-in. */
function ltiRoles(
  inClass: readonly string[],
  atSchool: readonly string[],
  signedInAs: string | null,
): string[] {
  const known = atSchool.flatMap(schoolRoles);
  const rest = known.length > 0 || signedInAs === null ? known : schoolRoles(signedInAs);
  return [...new Set([...inClass.flatMap(classRoles), ...rest])];
}

/** The roster's names come first: a sign-in may know a person by a nickname. */
function personOf({ names }: Portal, user: Portal['users'][number] | undefined): PortalLaunch['person'] {
  const rosterName = user && nameOf(user);
  const { name, givenName, familyName } =
    user === undefined || rosterName === undefined
      ? { ...names, name: nameOf(names) }
      : {
          name: rosterName,
          givenName: user.givenName ?? undefined,
          familyName: user.familyName ?? undefined,
        };
  return { name, givenName, familyName, email: user?.email ?? names.email, locale: names.locale };
}
