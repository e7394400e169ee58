import type { LaunchId, TenantId, ToolId } from '../../../contracts/ids.ts';
import { meetMembers } from '../../people/members.ts';
import { defined } from '../../platform/defined.ts';
import { type PolicyRules, readRules } from '../../privacy/policy.ts';
import { namesForTool } from '../../privacy/pseudonyms.ts';
import { type ReleaseKeySource, release } from '../../privacy/release.ts';
import { fullRole } from '../roles.ts';
import type { LtiServices } from '../services.ts';
import type { ForUser } from '../snapshot.ts';
import { findLaunchConnection } from './hint-store.ts';

/**
 * The name that a tool knows somebody by whom a message is about. Whoever has not launched yet is met as a class list would
 * meet them.
 *
 * @returns undefined for somebody who was erased
 */
export async function nameForUser(
  { db, clock }: Pick<LtiServices, 'db' | 'clock'>,
  launch: { tenantId: TenantId; launchId: LaunchId; toolId: ToolId },
  forUser: ForUser,
): Promise<string | undefined> {
  const now = clock.now();
  return db.withTenant(launch.tenantId, async (tx) => {
    const connectionId = await findLaunchConnection(tx, launch.launchId);
    if (connectionId === undefined) return undefined;
    const { subject, name, givenName, familyName, email, personSourcedId } = forUser;
    const claimedId = personSourcedId?.trim() || undefined;
    const member = { subject, claimedId, name, givenName, familyName, email };
    const personId = (await meetMembers(tx, connectionId, [member], now)).get(subject);
    if (personId === undefined) return undefined;
    return (await namesForTool(tx, launch.toolId, [personId], now)).get(personId);
  });
}

/** The claim for the tool: its own name of the person, and what else the policy lets it know of people in launches. */
export function forUserClaim(
  forUser: ForUser,
  sub: string,
  rules: unknown,
  key: ReleaseKeySource,
): Record<string, unknown> {
  const policy: PolicyRules = readRules(rules);
  const fields = release(
    policy,
    'launch',
    {
      'person.name': forUser.name,
      'person.given_name': forUser.givenName,
      'person.family_name': forUser.familyName,
      'person.email': forUser.email,
      'lis.person_sourcedid': forUser.personSourcedId,
      roles: forUser.roles,
    },
    key,
  );
  return defined({
    user_id: sub,
    name: fields['person.name'],
    given_name: fields['person.given_name'],
    family_name: fields['person.family_name'],
    email: fields['person.email'],
    person_sourcedid: fields['lis.person_sourcedid'],
    roles: fields.roles?.map(fullRole),
  });
}
