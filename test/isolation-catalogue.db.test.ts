import { expect, test } from 'vitest';
import { healthQueues } from '../src/health/jobs.ts';
import { jobsSchema, migrateJobs } from '../src/platform/jobs/migrate-jobs.ts';
import { createTestDatabase } from './support/database.ts';
import { readGrants, readTables } from './support/isolation/catalogue.ts';
import {
  globalKeys,
  isPlace,
  narrowRoles,
  rosterTables,
  widerPolicies,
  withoutTenant,
} from './support/isolation/declared.ts';

const { superuser, url } = await createTestDatabase();
await migrateJobs(url, healthQueues);
await superuser.query('select ensure_partitions(current_date)');
const tables = await readTables(superuser);
const ofTheProgram = tables.filter(({ name }) => !name.includes('.'));
const tenantTables = ofTheProgram.filter((table) => table.hasTenant && !table.isPartition);

const rule = `(tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))`;

async function column<T>(text: string, values: unknown[] = []): Promise<T[]> {
  const { rows } = await superuser.query<{ value: T }>(text, values);
  return rows.map(({ value }) => value);
}

test('a table belongs to tenants, or says why not', () => {
  const names = ofTheProgram.filter(({ hasTenant }) => !hasTenant).map(({ name }) => name);
  expect(names.sort()).toEqual(Object.keys(withoutTenant).sort());
});

test('every tenant table enables and forces row-level security', () => {
  expect(tenantTables.filter(({ isProtected }) => !isProtected)).toEqual([]);
});

test('every tenant table has the one policy, in its one form, for everybody', async () => {
  const { rows } = await superuser.query(
    `select tablename, permissive, roles::text, cmd, qual, with_check from pg_policies
     where policyname = 'tenant_isolation' order by tablename`,
  );
  const form = { permissive: 'PERMISSIVE', roles: '{public}', cmd: 'ALL', qual: rule, with_check: rule };
  const names = tenantTables.map(({ name }) => name).sort();
  expect(rows).toEqual(names.map((tablename) => ({ tablename, ...form })));
});

test('no other policy stands but those of the narrow roles', async () => {
  const policies = await column(
    `select tablename || ' ' || cmd || ' ' || array_to_string(roles, ',') as value from pg_policies
     where policyname <> 'tenant_isolation' order by value`,
  );
  expect(policies).toEqual(widerPolicies);
});

test.each(Object.entries(narrowRoles))(
  '%s may do what is declared and nothing else',
  async (role, grants) => {
    if (role === 'public') {
      const open = await column(
        `select c.oid::regclass::text as value from pg_class c join pg_namespace n on n.oid = c.relnamespace,
       aclexplode(c.relacl) g where g.grantee = 0 and n.nspname in ('public', $1)`,
        [jobsSchema],
      );
      expect(open).toEqual(grants);
    } else {
      const all = await readGrants(superuser, role);
      expect(all.filter((line) => !isPlace(line.split(' ')[1] ?? '')).sort()).toEqual(grants);
    }
  },
);

test('a backup reads every table there is, also of the job queue and of months, and changes none', async () => {
  const grants = await readGrants(superuser, 'gatehouse_backup');
  expect(grants.filter((line) => !line.startsWith('select '))).toEqual([]);
  const unread = await column(
    `select c.oid::regclass::text as value from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', $1) and c.relkind in ('r', 'p', 'S')
       and not (has_table_privilege('gatehouse_backup', c.oid, 'select')
         and has_schema_privilege('gatehouse_backup', n.oid, 'usage'))`,
    [jobsSchema],
  );
  expect(unread).toEqual([]);
  const bypasses = await column(
    `select rolbypassrls as value from pg_roles where rolname = 'gatehouse_backup'`,
  );
  expect(bypasses).toEqual([true]);
});

test('the program’s role may not empty, refer to or alter any table', async () => {
  const grants = await readGrants(superuser, 'gatehouse_app');
  expect(grants.filter((line) => !/^(select|insert|update|delete|usage) /.test(line))).toEqual([]);
});

test('no role the program connects as can bypass row-level security, make roles or databases, or own anything', async () => {
  const roles = ['app', 'directory', 'rollup', 'staging', 'auditor'].map((name) => `gatehouse_${name}`);
  const unsafe = await column(
    `select rolname as value from pg_roles where rolname = any ($1)
       and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`,
    [roles],
  );
  expect(unsafe).toEqual([]);
  const owned = await column(
    `select relname::text as value from pg_class where relowner::regrole::text = any ($1)
     union all select proname::text from pg_proc where proowner::regrole::text = any ($1)
     union all select nspname::text from pg_namespace where nspowner::regrole::text = any ($1)`,
    [roles],
  );
  expect(owned).toEqual([]);
  const memberships = await column(
    `select member::regrole || ' in ' || roleid::regrole as value from pg_auth_members where member::regrole::text = any ($1)`,
    [roles],
  );
  expect(memberships).toEqual([]);
  const creating = await column(
    `select r || ' in ' || nspname as value from unnest($1::text[]) r, pg_namespace
     where nspname in ('public', $2) and has_schema_privilege(r, oid, 'create')`,
    [roles, jobsSchema],
  );
  expect(creating).toEqual([]);
});

test('every key of a tenant table starts with the tenant, or says why not', async () => {
  const keys = await column(
    `select i.indexrelid::regclass::text as value from pg_index i
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
     where i.indisunique and i.indrelid::regclass::text = any ($1) and a.attname <> 'tenant_id'`,
    [tenantTables.map(({ name }) => name)],
  );
  expect(keys.sort()).toEqual(Object.keys(globalKeys).sort());
});

test('a reference from one tenant table to another holds the tenant', () => {
  const names = new Set(tenantTables.map(({ name }) => name));
  const loose = tenantTables.flatMap(({ name, references }) =>
    references
      .filter(({ table, from, to }) => names.has(table) && (from[0] !== 'tenant_id' || to[0] !== 'tenant_id'))
      .map(({ table }) => `${name} to ${table}`),
  );
  expect(loose).toEqual([]);
});

test('views see with the eyes of whoever asks, and no sequence counts across tenants', async () => {
  const loose = await column(
    `select c.oid::regclass::text as value from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and (c.relkind in ('m', 'f', 'S')
       or c.relkind = 'v' and not coalesce('security_invoker=true' = any (c.reloptions), false))`,
  );
  expect(loose).toEqual([]);
});

test('functions with the owner’s rights are few, pinned to their schema and open to one narrow role each', async () => {
  const { rows } = await superuser.query(
    `select p.proname::text as name, p.proconfig::text as settings,
       (select string_agg(case g.grantee when 0 then 'public' else g.grantee::regrole::text end, ',')
        from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g where g.grantee <> p.proowner) as callers
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where p.prosecdef and n.nspname = 'public' order by name`,
  );
  const safe = { settings: '{"search_path=public, pg_temp"}', callers: 'gatehouse_rollup' };
  const annexes = { ...safe, callers: 'gatehouse_staging' };
  expect(rows).toEqual([
    { name: 'attach_roster_annex', ...annexes },
    { name: 'attach_roster_annex', ...annexes },
    { name: 'drop_expired_partitions', ...safe },
    {
      name: 'drop_loose_roster_annexes',
      ...annexes,
      settings: '{"search_path=public, pg_temp",lock_timeout=100ms}',
    },
    { name: 'ensure_partitions', ...safe },
    { name: 'index_roster_annex', ...annexes },
    { name: 'open_roster_annex', ...annexes },
    { name: 'open_roster_annex', ...annexes },
    { name: 'purge_expired', ...safe },
    { name: 'purge_health', ...safe },
  ]);
});

test('the job queue stands in a schema of its own that holds no tenant’s rows and no other role reaches', async () => {
  const elsewhere = tables.filter(({ name }) => name.includes('.') && !name.startsWith('staging'));
  expect(elsewhere.length).toBeGreaterThan(3);
  expect(elsewhere.filter(({ name, hasTenant }) => !name.startsWith(`${jobsSchema}.`) || hasTenant)).toEqual(
    [],
  );
  for (const role of ['directory', 'rollup', 'staging', 'auditor']) {
    const reach = await column<boolean>(`select has_schema_privilege($1, $2, 'usage') as value`, [
      `gatehouse_${role}`,
      jobsSchema,
    ]);
    expect([role, reach]).toEqual([role, [false]]);
  }
});

test('places where rosters are loaded are reached by one role, which serves no requests', async () => {
  const places = tables.filter(({ name }) => isPlace(name)).map(({ name }) => name);
  expect(places.length).toBe(6 * (2 * rosterTables.length + 5));
  for (const role of ['app', 'directory', 'rollup', 'auditor']) {
    const grants = await readGrants(superuser, `gatehouse_${role}`);
    expect(grants.filter((line) => line.includes(' staging'))).toEqual([]);
    const schemas = await column(
      `select nspname as value from pg_namespace where nspname like 'staging%' and has_schema_privilege($1, oid, 'usage')`,
      [`gatehouse_${role}`],
    );
    expect(schemas).toEqual([]);
  }
  const grants = await readGrants(superuser, 'gatehouse_staging');
  const privileges = ['delete', 'insert', 'select', 'truncate', 'update'];
  const expected = places.flatMap((place) => privileges.map((privilege) => `${privilege} ${place}`));
  // Views over both.
  const due = places
    .filter((place) => place.includes('.fresh_'))
    .map((place) => place.replace('fresh_', 'due_'));
  expected.push(...due.map((view) => `select ${view}`));
  expect(grants.filter((line) => isPlace(line.split(' ')[1] ?? '')).sort()).toEqual(expected.sort());
});
