import type pg from 'pg';
import type { Grant } from './grants.ts';

export interface TableRow {
  oid: string;
  name: string;
  kind: string;
  unlogged: boolean;
  enabled: boolean;
  forced: boolean;
  /** How a partitioned table is parted; null for others. */
  key: string | null;
}

/** One table with everything that hangs on it. */
export async function describeTable(
  client: pg.Client,
  table: TableRow,
  grants: readonly Grant[],
): Promise<string> {
  const { name, oid } = table;
  if (table.kind !== 'r' && table.kind !== 'p') {
    throw new Error(`${name} is of kind "${table.kind}", which schema.sql does not describe yet`);
  }
  const lines = async (text: string): Promise<string[]> =>
    (await client.query<{ line: string }>(text, [oid])).rows.map(({ line }) => line);
  const inside = [...(await lines(columns)), ...(await lines(constraints))].map((line) => `  ${line}`);
  const parts = table.key === null ? [] : await lines(partitions);
  return [
    `create ${table.unlogged ? 'unlogged ' : ''}table ${name} (`,
    inside.join(',\n'),
    `)${table.key === null ? '' : ` partition by ${table.key.toLowerCase()}`};`,
    ...parts,
    ...(await lines(indexes)),
    ...(await lines(triggers)),
    ...(table.enabled ? [`alter table ${name} enable row level security;`] : []),
    ...(table.forced ? [`alter table ${name} force row level security;`] : []),
    ...(await lines(policies)),
    ...grants.map(({ what, to }) => `grant ${what} on ${name} to ${to};`),
    ...(await lines(columnGrants)),
    '',
  ].join('\n');
}

const columns = `
  select quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then ' not null' else '' end
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum`;

// NOT NULL stands with the column; PostgreSQL 18 lists it as a constraint too.
const constraints = `
  select format('constraint %I %s', conname, pg_get_constraintdef(oid)) as line
  from pg_constraint where conrelid = $1 and contype <> 'n' order by array_position('{p,u,f,c}', contype::text), conname`;

const partitions = `
  select format('create table %s partition of %s %s;', c.oid::regclass, i.inhparent::regclass,
    pg_get_expr(c.relpartbound, c.oid)) as line
  from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = $1 and c.relname !~ '_\\d{4}_\\d{2}$' order by c.relname`;

const indexes = `
  select pg_get_indexdef(i.indexrelid) || ';' as line from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indrelid = $1 and not exists (select from pg_constraint where conindid = i.indexrelid and conrelid = $1)
  order by c.relname`;

const triggers = `
  select pg_get_triggerdef(oid) || ';' as line from pg_trigger where tgrelid = $1 and not tgisinternal order by tgname`;

const policies = `
  select format('create policy %I on %s%s for %s to %s', polname, polrelid::regclass,
      case when polpermissive then '' else ' as restrictive' end,
      case polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end,
      (select string_agg(case r when 0 then 'public' else r::regrole::text end, ', ' order by r::regrole::text)
         from unnest(polroles) r))
    || coalesce(E'\\n  using (' || pg_get_expr(polqual, polrelid) || ')', '')
    || coalesce(E'\\n  with check (' || pg_get_expr(polwithcheck, polrelid) || ')', '') || ';' as line
  from pg_policy where polrelid = $1 order by polname`;

const columnGrants = `
  select format('grant %s (%s) on %s to %s;', lower(g.privilege_type),
    string_agg(quote_ident(a.attname), ', ' order by a.attnum), $1::oid::regclass, g.grantee::regrole) as line
  from pg_attribute a, aclexplode(a.attacl) g where a.attrelid = $1
  group by g.grantee, g.privilege_type order by g.grantee::regrole::text, g.privilege_type`;
