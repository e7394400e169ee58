import { type ConnectionId, newId, type PersonId, type TenantId } from '../../contracts/ids.ts';
import { linkRosterUsers } from '../../src/people/link.ts';
import { readMatchRule } from '../../src/people/match-rule.ts';
import { listReviews, setMatchRule } from '../../src/people/people.ts';
import { createTenant } from '../../src/tenants/tenants.ts';
import type { TestDatabase } from '../support/database.ts';

export interface UserRow {
  identifier?: string;
  username?: string;
  userIds?: string[];
  givenName?: string;
  familyName?: string;
  email?: string;
  birthDate?: string;
  role?: string;
  run?: number;
}

/** A school with a roster and an LMS, whose rows are put there as a run and launches would have. */
export async function createPeopleWorld({ database, superuser }: TestDatabase, slug: string) {
  const now = Date.UTC(2026, 8, 1);
  const by = { actor: 'test', now };
  const { tenantId } = await createTenant(database, { slug, name: slug }, by);
  const connect = async (kind: string): Promise<ConnectionId> => {
    const connectionId = newId<ConnectionId>();
    await superuser.query(
      `insert into connection (tenant_id, connection_id, kind, partner, name, created_at) values ($1, $2, $3, 'x', 'x', now())`,
      [tenantId, connectionId, kind],
    );
    return connectionId;
  };
  const [sis, lms] = [await connect('roster'), await connect('lms')];

  return {
    ...{ tenantId, sis, lms, by, connect },
    addUser: async (sourcedId: string, user: UserRow = {}, connectionId = sis) => {
      const { rows } = await superuser.query(
        `insert into roster_user (tenant_id, connection_id, sourced_id, enabled_user, username, user_ids, given_name,
           family_name, identifier, email, content_hash, created_run, changed_run, part, line, changed_at)
         values ($1, $2, $3, true, $4, $5, $6, $7, $8, $9, 0, $10, $10, 0, 0, now())
         on conflict (tenant_id, connection_id, sourced_id) do update set username = excluded.username,
           user_ids = excluded.user_ids, given_name = excluded.given_name, family_name = excluded.family_name,
           identifier = excluded.identifier, email = excluded.email, changed_run = excluded.changed_run
         returning 1`,
        [
          ...[tenantId, connectionId, sourcedId, user.username ?? sourcedId, user.userIds ?? null],
          ...[user.givenName ?? null, user.familyName ?? null, user.identifier ?? null, user.email ?? null],
          user.run ?? 1,
        ],
      );
      if (rows.length !== 1) throw new Error('no user');
      if (user.birthDate !== undefined) {
        await superuser.query(
          `insert into roster_demographics (tenant_id, connection_id, sourced_id, birth_date, content_hash, created_run,
             changed_run, part, line, changed_at) values ($1, $2, $3, $4, 0, 1, 1, 0, 0, now())`,
          [tenantId, connectionId, sourcedId, user.birthDate],
        );
      }
      if (user.role !== undefined) {
        await superuser.query(
          `insert into roster_role (tenant_id, connection_id, sourced_id, user_sourced_id, role, content_hash, created_run,
             changed_run, part, line, changed_at) values ($1, $2, $3, $3, $4, 0, 1, 1, 0, 0, now())`,
          [tenantId, connectionId, sourcedId, user.role],
        );
      }
    },
    /** Somebody a launch has met. */
    addLaunched: async (
      subject: string,
      person: { claimedId?: string; givenName?: string; familyName?: string; email?: string } = {},
      connectionId = lms,
    ): Promise<PersonId> => {
      const personId = newId<PersonId>();
      const { givenName = null, familyName = null, email = null, claimedId = null } = person;
      await superuser.query(
        `insert into person (tenant_id, person_id, given_name, family_name, email, created_at, changed_at)
         values ($1, $2, $3, $4, $5, now(), now())`,
        [tenantId, personId, givenName, familyName, email],
      );
      await superuser.query(
        `insert into person_link (tenant_id, connection_id, subject, person_id, claimed_id, match_value, is_unsettled,
           created_at)
         select $1, $2, $3, $4, $5, case (select link_field from person_match_rule where tenant_id = $1)
           when 'subject' then $3 when 'lisPersonSourcedId' then $5 end, $5::text is not null, now()`,
        [tenantId, connectionId, subject, personId, claimedId],
      );
      return personId;
    },
    /** Without a run: every user again. */
    link: (runNo?: number, connectionId = sis) =>
      linkRosterUsers(database, tenantId, connectionId, {
        runNo: runNo ?? 1,
        again: runNo === undefined,
        by,
      }),
    setRule: (rosterColumn: string, linkField = 'lisPersonSourcedId') =>
      setMatchRule(database, tenantId, readMatchRule({ rosterColumn, linkField }), by),
    personOf: async (subject: string, connectionId = sis): Promise<PersonId> => {
      const { rows } = await superuser.query<{ person_id: PersonId }>(
        'select person_id from person_link where tenant_id = $1 and connection_id = $2 and subject = $3',
        [tenantId, connectionId, subject],
      );
      if (rows[0] === undefined) throw new Error(`${subject} has no link`);
      return rows[0].person_id;
    },
    personsOf: async (...sourcedIds: string[]): Promise<PersonId[]> => {
      const { rows } = await superuser.query<{ person_id: PersonId }>(
        'select person_id from person_link where tenant_id = $1 and connection_id = $2 and subject = any ($3)',
        [tenantId, sis, sourcedIds],
      );
      return rows.map(({ person_id }) => person_id);
    },
    reviews: () => database.withTenant(tenantId, (tx) => listReviews(tx, { limit: 100 })),
    tx: <T>(work: Parameters<typeof database.withTenant<T>>[1]) => database.withTenant(tenantId, work),
  };
}

export type PeopleWorld = Awaited<ReturnType<typeof createPeopleWorld>>;

/** Everything a tenant's people stand in, to be compared. */
export async function readPeopleTables(
  { superuser }: TestDatabase,
  tenantId: TenantId,
): Promise<Record<string, unknown[]>> {
  const tables = ['person', 'person_link', 'pseudonym', 'person_review', 'grade_line', 'grade_delivery'];
  const rows: Record<string, unknown[]> = {};
  for (const table of [...tables, 'launch', 'lti_hint', 'roster_user']) {
    const result = await superuser.query(
      `select to_jsonb(t) as row from ${table} t where tenant_id = $1 order by to_jsonb(t)::text`,
      [tenantId],
    );
    rows[table] = result.rows.map(({ row }) => row);
  }
  return rows;
}
