import type { ConnectionId, PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { type Sql, sql } from '../platform/sql/sql.ts';
import { rosterName } from './newcomer-store.ts';

/** A roster user's link and the person it led to when that was looked at. */
export interface RosterLink {
  connectionId: ConnectionId;
  sourcedId: string;
  personId: PersonId;
}

const user = (tenantId: string, { connectionId, sourcedId }: RosterLink): Sql => sql`
  roster_user u where u.tenant_id = ${tenantId} and u.connection_id = ${connectionId} and u.sourced_id = ${sourcedId}`;

/** Gives a roster user a person of their own. What else the person has, they keep. @returns whether the link led there still */
export async function splitLink(
  tx: TenantTx,
  link: RosterLink,
  fresh: { personId: PersonId; now: Date },
): Promise<boolean> {
  const { tenantId } = tx;
  await tx.exec(sql`
    insert into person (tenant_id, person_id, name, given_name, family_name, email, created_at, changed_at)
    select ${tenantId}, ${fresh.personId}, ${rosterName}, u.given_name, u.family_name, u.email, ${fresh.now}, ${fresh.now}
    from ${user(tenantId, link)}
      and exists (select from person_link k where k.tenant_id = ${tenantId} and k.connection_id = ${link.connectionId}
        and k.subject = ${link.sourcedId} and k.person_id = ${link.personId})`);
  const moved = await tx.exec(sql`
    update person_link k set person_id = ${fresh.personId}
    where k.tenant_id = ${tenantId} and k.connection_id = ${link.connectionId} and k.subject = ${link.sourcedId}
      and k.person_id = ${link.personId}
      and exists (select from person p where p.tenant_id = ${tenantId} and p.person_id = ${fresh.personId})`);
  return moved === 1;
}

/** Whoever the user is by its link goes by the name and address the roster has now; undoing a merge may have moved the link. */
export async function takeRosterName(tx: TenantTx, link: RosterLink, now: Date): Promise<void> {
  const { tenantId } = tx;
  await tx.exec(sql`
    update person p set name = ${rosterName}, given_name = u.given_name, family_name = u.family_name, email = u.email,
      changed_at = ${now}
    from ${user(tenantId, link)} and p.tenant_id = ${tenantId}
      and p.person_id = (select k.person_id from person_link k where k.tenant_id = ${tenantId}
        and k.connection_id = ${link.connectionId} and k.subject = ${link.sourcedId})`);
}
