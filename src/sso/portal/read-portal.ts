import type { TenantId } from '../../../contracts/ids.ts';
import { agsScope } from '../../../contracts/scopes.ts';
import type { PortalLaunches } from '../../lti/portal-launch.ts';
import { type PersonNames, readNames } from '../../people/names.ts';
import { type PersonRoster, readPersonRoster } from '../../roster/person-roster.ts';
import type { SsoServices } from '../services.ts';
import type { Session } from '../sessions/session.ts';
import { groupClasses, type PortalClass } from './classes.ts';
import type { PortalTool } from './view.ts';

/** What somebody who is signed in has at their institution. */
export interface Portal {
  /** What they are called, if anybody has said so. */
  name: string | undefined;
  names: Partial<PersonNames>;
  users: PersonRoster['users'];
  classes: PortalClass[];
  tools: PortalTool[];
  /** They teach somewhere, and some tool sends scores, which have no place to go to yet. */
  gradesWait: boolean;
}

/** Reads it anew each time: classes and tools may have changed since the page was sent. */
export async function readPortal(
  { db, clock }: Pick<SsoServices, 'db' | 'clock'>,
  launches: Pick<PortalLaunches, 'listTools'>,
  tenantId: TenantId,
  { personId }: Session,
  language: string,
): Promise<Portal> {
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  const [{ names, roster }, enabled] = await Promise.all([
    db.withTenant(tenantId, async (tx) => ({
      names: await readNames(tx, personId),
      roster: await readPersonRoster(tx, personId, today),
    })),
    launches.listTools(tenantId),
  ]);
  const classes = groupClasses(roster, language);
  const { compare } = new Intl.Collator(language, { numeric: true });
  const users = roster.users.filter(({ isEnabled }) => isEnabled);
  return {
    name: nameOf(users[0] ?? names) ?? nameOf(names),
    names,
    users,
    classes,
    tools: enabled
      .map(({ tool: { toolId, name } }) => ({ toolId, name }))
      .sort((a, b) => compare(a.name, b.name) || (a.toolId < b.toolId ? -1 : 1)),
    gradesWait:
      classes.some(({ roles }) => roles.includes('teacher')) &&
      enabled.some(({ tool }) => tool.scopes.includes(agsScope.score)),
  };
}

/** A whole name: as it was said, or else put together. */
export function nameOf(named: {
  name?: string | undefined;
  givenName?: string | null | undefined;
  familyName?: string | null | undefined;
}): string | undefined {
  const parts = [named.givenName, named.familyName].map((part) => part?.trim()).filter(Boolean);
  return named.name?.trim() || parts.join(' ') || undefined;
}
