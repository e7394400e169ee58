import { type ConnectionId, newId, type PersonId, type TenantId } from '../../contracts/ids.ts';
import { linkRosterUsers } from '../../src/people/link.ts';
import { mergePeople } from '../../src/people/merges.ts';
import { overrideField } from '../../src/sync/sources/overrides.ts';
import type { TestDatabase } from '../support/database.ts';
import { createSchool, type Roster, smallRoster } from '../sync/engine/world.ts';

export const by = { actor: 'test', now: Date.UTC(2026, 10, 21), reason: 'Asked for by the parents' };

/** Stands in every value that tells of the person to be erased, and of a bystander. */
export const marks = { erased: 'zyx', bystander: 'qvw' } as const;

/** Whom each of them answers for. */
const wards = { zyx: 'ward-1', qvw: 'ward-2' } as const;
type Mark = keyof typeof wards;

function rosterOf(mark: Mark): Required<Roster> {
  const user = `${mark}-1`;
  return {
    ...{ orgs: [], academicSessions: [], courses: [], classes: [], categories: [], lineItems: [] },
    users: [
      {
        ...{ sourcedId: user, enabledUser: 'true', username: `${mark}.user`, identifier: `${mark}-id` },
        ...{ givenName: `${mark}given`, familyName: `${mark}family`, email: `${mark}@school.example` },
        ...{ phone: `${mark}-phone`, preferredGivenName: `${mark}nick`, userIds: `{LDAP:${mark}-ldap}` },
        metadata: { note: `${mark} note` },
      },
      {
        ...{
          sourcedId: wards[mark],
          enabledUser: 'true',
          username: wards[mark],
          givenName: 'C',
          familyName: 'D',
        },
        agentSourcedIds: user,
      },
    ],
    roles: [
      {
        sourcedId: `${mark}-r`,
        userSourcedId: user,
        roleType: 'primary',
        role: 'student',
        orgSourcedId: 's1',
      },
    ],
    enrollments: [
      {
        sourcedId: `${mark}-e`,
        classSourcedId: 'k1',
        schoolSourcedId: 's1',
        userSourcedId: user,
        role: 'student',
      },
    ],
    demographics: [{ sourcedId: user, cityOfBirth: `${mark}town` }],
    results: [
      {
        sourcedId: `${mark}-res`,
        lineItemSourcedId: 'l1',
        studentSourcedId: user,
        comment: `${mark} did well`,
        scoreStatus: 'submitted',
      },
    ],
  };
}

/** The small roster with both of them in it. */
export function roster(changed = ''): Required<Roster> {
  const whole: Record<string, unknown[]> = smallRoster();
  for (const mark of Object.values(marks)) {
    for (const [entity, rows] of Object.entries(rosterOf(mark)))
      whole[entity] = [...(whole[entity] ?? []), ...rows];
  }
  const merged = whole as unknown as Required<Roster>;
  return {
    ...merged,
    users: merged.users.map((user) => ({ ...user, middleName: changed })),
    enrollments: merged.enrollments.map((each) => ({ ...each, ...(changed && { beginDate: '2026-09-01' }) })),
  };
}

/** A school that knows all there is to know of two persons, after two runs of its roster. */
export async function arrangeErasure(testDatabase: TestDatabase, slug: string) {
  const { database: db, superuser } = testDatabase;
  const school = await createSchool(testDatabase, slug);
  const { tenantId } = school;

  async function connect(kind: string): Promise<ConnectionId> {
    const connectionId = newId<ConnectionId>();
    await superuser.query(
      `insert into connection (tenant_id, connection_id, kind, partner, name, created_at) values ($1, $2, $3, 'x', 'x', now())`,
      [tenantId, connectionId, kind],
    );
    return connectionId;
  }

  async function insert(table: string, row: Record<string, unknown>): Promise<void> {
    const whole = { tenant_id: tenantId, ...row };
    const names = Object.keys(whole);
    await superuser.query(
      `insert into ${table} (${names.join()}) values (${names.map((_, index) => `$${index + 1}`).join()})`,
      Object.values(whole),
    );
  }

  async function personOf(subject: string, connectionId: ConnectionId): Promise<PersonId> {
    const { rows } = await superuser.query(
      'select person_id from person_link where tenant_id = $1 and connection_id = $2 and subject = $3',
      [tenantId, connectionId, subject],
    );
    return rows[0]?.person_id;
  }

  /** Everything the hub may know of somebody: by roster, LMS and sign-in, merged, with scores, sessions and what was found. */
  async function know(
    mark: Mark,
    [lms, identity]: [ConnectionId, ConnectionId],
    toolId: string,
  ): Promise<PersonId> {
    const now = new Date(by.now);
    const kept = await personOf(`${mark}-1`, school.connectionId);
    const launched = newId<PersonId>();
    const known = { person_id: launched, created_at: now };
    await insert('person', {
      ...known,
      name: `${mark} name`,
      email: `${mark}@home.example`,
      changed_at: now,
    });
    await insert('person_link', {
      ...known,
      connection_id: lms,
      subject: `${mark}-lms`,
      claimed_id: `${mark}-sis`,
    });
    await insert('pseudonym', { ...known, tool_id: toolId, sub: `${mark}-sub` });
    await insert('person_link', {
      ...{ person_id: kept, created_at: now, connection_id: identity, subject: `sha256:${mark}` },
      ...{ issuer: 'https://login.school.example', issued_subject: `${mark}@upn` },
    });
    await db.withTenant(tenantId, (tx) => mergePeople(tx, { keptId: kept, absorbedId: launched }, by));
    await insert('person_review', {
      ...{
        review_id: newId(),
        reason: 'email_only',
        state: 'open',
        connection_id: school.connectionId,
        subject: `${mark}-1`,
      },
      ...{ person_id: kept, other_id: newId(), agree: ['email'], differ: [], found_at: now },
    });
    await insert('session', {
      ...{
        session_id: newId(),
        secret_hash: Buffer.from(mark.padEnd(32)),
        person_id: kept,
        connection_id: identity,
      },
      ...{
        subject: `${mark}@upn`,
        started_at: now,
        seen_at: now,
        idle_until: now,
        ends_at: now,
        checked_at: now,
      },
    });
    await insert('sign_in', {
      ...{
        sign_in_id: newId(),
        reference: 'AAAA-AAAA',
        connection_id: identity,
        protocol: 'saml',
        outcome: 'success',
      },
      ...{ person_id: kept, how: 'known', is_test: false, trace: '[]', at: now },
    });
    await insert('lti_hint', {
      ...{
        launch_id: newId(),
        hint_hash: Buffer.from('h'),
        login_hint_hash: Buffer.from('l'),
        browser_hash: Buffer.from('b'),
      },
      ...{
        tool_id: toolId,
        person_id: launched,
        snapshot: { name: `${mark} name` },
        expires_at: new Date(Date.now() + 1e6),
      },
    });
    for (const [state, outcome, endedAt] of [
      ['delivered', 'success', now],
      ['pending', null, null],
    ] as const) {
      const line = { line_item_id: newId(), person_id: kept, connection_id: lms };
      await insert('grade_delivery', {
        ...{
          ...line,
          delivery_id: newId(),
          tool_id: toolId,
          score_timestamp: now,
          score: { comment: `${mark} tries hard` },
        },
        ...{ state, outcome, accepted_at: now, ended_at: endedAt },
      });
      await insert('grade_line', {
        ...{ ...line, newest_at: now, newest_hash: Buffer.from('n') },
        ...{ pending: state === 'pending' ? 1 : 0, due_at: state === 'pending' ? now : null },
      });
    }
    const field = {
      entity: 'users' as const,
      sourcedId: `${mark}-1`,
      column: 'pronouns',
      value: `${mark}/them`,
    };
    await overrideField({ db }, tenantId, school.connectionId, field, by);
    const { rows } = await superuser.query(
      'select run_id from sync_run where tenant_id = $1 order by run_no',
      [tenantId],
    );
    await insert('sync_finding', {
      ...{
        run_id: rows[0].run_id,
        finding_no: mark === marks.erased ? 1 : 2,
        code: 'email_shared',
        severity: 'warning',
      },
      ...{ entity: 'users', sourced_id: `${mark}-1` },
    });
    return kept;
  }

  await school.sync(roster());
  const { run, plan } = await school.sync(roster('changed'));
  const link = { runNo: run.runNo, by };
  await linkRosterUsers(db, tenantId, school.connectionId, link);
  const samples = [{ entity: 'users', action: 'change', sourcedIds: ['u1', 'zyx-1', 'qvw-1'] }];
  await superuser.query('update sync_run set plan = $2 where run_id = $1', [run.runId, { ...plan, samples }]);
  const toolId = newId();
  await superuser.query(
    `insert into tool (tool_id, slug, name, client_id, login_initiation_url, target_link_uri, redirect_uris, presentation,
       supports_storage, status, version, created_at, changed_at)
     values ($1::uuid, $2, 'Tool', $2, 'https://a.example', 'https://a.example', '{https://a.example}', 'redirect', false,
       'active', 1, now(), now())`,
    [toolId, `tool-${toolId}`],
  );
  const places: [ConnectionId, ConnectionId] = [await connect('lms'), await connect('identity')];
  const personId = await know(marks.erased, places, toolId);
  await know(marks.bystander, places, toolId);
  return { school, tenantId, personId, personOf };
}

/** Where a mark stands in what a tenant has: every column of every table that can hold text. */
export async function findMark({ superuser }: TestDatabase, mark: string, of: TenantId): Promise<string[]> {
  const { rows: columns } = await superuser.query<{ table: string; column: string; isBytes: boolean }>(
    `select c.table_name as table, c.column_name as column, c.data_type = 'bytea' as "isBytes"
     from information_schema.columns c
     join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
       and (c.data_type in ('text', 'character varying', 'name', 'json', 'jsonb', 'ARRAY', 'bytea', 'xml'))
       and exists (select from information_schema.columns k where k.table_schema = c.table_schema
         and k.table_name = c.table_name and k.column_name = 'tenant_id')
       -- Parts of a table are read with it.
       and not exists (select from pg_inherits where inhrelid = format('public.%I', c.table_name)::regclass)
     order by 1, 2`,
  );
  const found: string[] = [];
  for (const { table, column, isBytes } of columns) {
    const text = isBytes ? `encode("${column}", 'escape')` : `"${column}"::text`;
    const { rows } = await superuser.query(
      `select count(*)::int as count from ${table} where tenant_id = $1 and ${text} ilike '%' || $2 || '%'`,
      [of, mark],
    );
    if (rows[0].count > 0) found.push(`${table}.${column} ${rows[0].count}`);
  }
  return found;
}
