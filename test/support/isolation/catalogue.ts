import type pg from 'pg';

/** A table of the program, as the catalogue describes it. */
export interface Table {
  /** Schema-qualified where the schema is not `public`, quoted where it must be. */
  name: string;
  isPartition: boolean;
  hasTenant: boolean;
  isProtected: boolean;
  columns: Column[];
  /** Tables it refers to, with the columns on both sides. */
  references: { table: string; from: string[]; to: string[] }[];
}

export interface Column {
  name: string;
  type: string;
  isRequired: boolean;
  /** The values a check of the column or of its domain names, where it names them. */
  allowed: string[];
}

const inProgram = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`;

/** Every table and partition of a database, referred-to tables before those that refer to them. */
export async function readTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select c.oid::regclass::text as name, c.relispartition as "isPartition",
      c.relrowsecurity and c.relforcerowsecurity as "isProtected",
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as "hasTenant",
      (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null),
          'isRequired', a.attnotnull and not a.atthasdef or exists (select from pg_constraint k
            where k.contype = 'c' and k.conrelid = c.oid and k.conkey = array[a.attnum]
              and pg_get_constraintdef(k.oid) like 'CHECK ((% IS NOT NULL))%'),
          'allowed', coalesce((select json_agg(found[1]) from pg_constraint k,
            regexp_matches(pg_get_constraintdef(k.oid), '''([A-Za-z_]+)''::text', 'g') found
            where k.contype = 'c' and (k.contypid = a.atttypid or k.conrelid = c.oid and k.conkey = array[a.attnum])
              and pg_get_constraintdef(k.oid) ~ '= (ANY|'')'), '[]')) order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      coalesce((select json_agg(json_build_object('table', k.confrelid::regclass::text,
          'from', (select json_agg(a.attname order by i) from unnest(k.conkey) with ordinality u (n, i)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n),
          'to', (select json_agg(a.attname order by i) from unnest(k.confkey) with ordinality u (n, i)
            join pg_attribute a on a.attrelid = k.confrelid and a.attnum = n)))
        from pg_constraint k where k.conrelid = c.oid and k.contype = 'f'), '[]') as references
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and ${inProgram} order by name`);
  return inOrder(rows);
}

function inOrder(tables: Table[]): Table[] {
  const ordered: Table[] = [];
  const visit = (table: Table): void => {
    if (ordered.includes(table)) return;
    for (const { table: name } of table.references) {
      const referred = tables.find((each) => each.name === name);
      if (referred !== undefined && referred !== table) visit(referred);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table);
  return ordered;
}

/** What a role may do, as lines such as `select launch` or `update launch (state)`. Grants to everybody count. */
export async function readGrants(client: pg.Client, role: string): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `with grants as (
       select c.oid, c.relname, lower(g.privilege_type) as privilege, g.grantee, null::name as attribute
       from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) g where ${inProgram}
       union all
       select c.oid, c.relname, lower(g.privilege_type), g.grantee, a.attname
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid,
         aclexplode(a.attacl) g where ${inProgram})
     select privilege || ' ' || oid::regclass || coalesce(' (' || string_agg(attribute, ', ' order by attribute) || ')', '')
       as line
     from grants where grantee in (0, $1::regrole) group by oid, privilege, attribute is null order by line`,
    [role],
  );
  return rows.map(({ line }) => line);
}
