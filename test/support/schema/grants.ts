import type pg from 'pg';

export interface Grant {
  /** Privileges in words, such as `select, insert`. */
  what: string;
  to: string;
}

const order = [
  'select',
  'insert',
  'update',
  'delete',
  'truncate',
  'references',
  'trigger',
  'usage',
  'create',
];
const byOrder = (a: string, b: string) => order.indexOf(a) - order.indexOf(b) || a.localeCompare(b, 'en');

/** What anybody but the owner may do with the objects of a catalogue, by object id. */
export async function describeGrants(
  client: pg.Client,
  catalogue: 'pg_namespace' | 'pg_proc' | 'pg_class',
  list: string,
  owner: string,
): Promise<Map<string, Grant[]>> {
  const { rows } = await client.query<{ oid: string; to: string; privileges: string[] }>(
    `select o.oid, case g.grantee when 0 then 'public' else g.grantee::regrole::text end as to,
       array_agg(lower(g.privilege_type)) as privileges
     from ${catalogue} o, aclexplode(o.${list}) g where g.grantee <> o.${owner} group by 1, 2 order by 2`,
  );
  const grants = new Map<string, Grant[]>();
  for (const { oid, to, privileges } of rows) {
    const what = privileges.toSorted(byOrder).join(', ');
    grants.set(oid, [...(grants.get(oid) ?? []), { what, to }]);
  }
  return grants;
}

/** The roles of the program, and what they get on tables that are made later. */
export async function describeRoles(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ line: string }>(
    `select 'create role ' || rolname || case when rolcanlogin then ' login' else ' nologin' end
         || case when rolbypassrls then ' bypassrls' else '' end || ';' as line
       from pg_roles where rolname ~ '^gatehouse_' order by rolname`,
  );
  const later = await client.query<{ line: string }>(
    `select format('alter default privileges for role %s grant %s on %s to %s;', d.defaclrole::regrole,
         lower(g.privilege_type), case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
         else d.defaclobjtype::text end, g.grantee::regrole) as line
       from pg_default_acl d, aclexplode(d.defaclacl) g where g.grantee <> d.defaclrole order by 1`,
  );
  return `${[...rows, ...later.rows].map(({ line }) => line).join('\n')}\n`;
}
