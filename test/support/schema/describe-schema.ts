import type pg from 'pg';
import { describeGrants, describeRoles } from './grants.ts';
import { describeTable, type TableRow } from './tables.ts';

const introduction = `-- The schema after all migrations, as the catalogue has it: for reading, and compared in a test. It is written by
-- "npm run schema" and never run. Partitions of months and the job library's own tables are left out.
`;

/** The whole schema as text, the same for the same schema whenever and wherever it was made. */
export async function describeSchema(client: pg.Client): Promise<string> {
  // Names stand with their schema only where that is another one.
  await client.query('set search_path = public');
  const sections = [
    introduction,
    await describeRoles(client),
    await describeSchemas(client),
    await describeDomains(client),
    await describeFunctions(client),
    ...(await describeTables(client)),
  ];
  return `${sections.join('\n').trimEnd()}\n`;
}

async function describeSchemas(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string; oid: string }>(
    `select nspname as name, oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
       order by nspname`,
  );
  const grants = await describeGrants(client, 'pg_namespace', 'nspacl', 'nspowner');
  const lines = rows.flatMap(({ name, oid }) => [
    ...(name === 'public' ? [] : [`create schema ${name};`]),
    ...(grants.get(oid) ?? []).map(({ what, to }) => `grant ${what} on schema ${name} to ${to};`),
  ]);
  return `${lines.join('\n')}\n`;
}

async function describeDomains(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string; base: string; rule: string }>(
    `select t.typname as name, format_type(t.typbasetype, t.typtypmod) as base, pg_get_constraintdef(c.oid) as rule
       from pg_type t join pg_constraint c on c.contypid = t.oid
       where t.typtype = 'd' and t.typnamespace = 'public'::regnamespace order by t.typname, c.conname`,
  );
  return rows.map(({ name, base, rule }) => `create domain ${name} as ${base} ${rule};\n`).join('');
}

async function describeFunctions(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{
    call: string;
    kind: string;
    oid: string;
    text: string;
    open: boolean;
  }>(
    `select p.oid::regprocedure::text as call, p.oid, pg_get_functiondef(p.oid) as text,
       case p.prokind when 'p' then 'procedure' else 'function' end as kind,
       exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) g where g.grantee = 0) as open
     from pg_proc p where pronamespace = 'public'::regnamespace order by p.oid::regprocedure::text`,
  );
  const grants = await describeGrants(client, 'pg_proc', 'proacl', 'proowner');
  return rows
    .map(({ call, kind, oid, text, open }) => {
      const lines = (grants.get(oid) ?? []).filter(({ to }) => to !== 'public');
      return [
        `${text.trimEnd()};`,
        ...(open ? [] : [`revoke execute on ${kind} ${call} from public;`]),
        ...lines.map(({ what, to }) => `grant ${what} on ${kind} ${call} to ${to};`),
        '',
      ].join('\n');
    })
    .join('\n');
}

async function describeTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<TableRow>(
    `select c.oid, c.relname as name, c.relkind as kind, c.relpersistence = 'u' as unlogged,
       c.relrowsecurity as enabled, c.relforcerowsecurity as forced, pg_get_partkeydef(c.oid) as key
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind not in ('i', 'I')
       and not c.relispartition order by c.relname`,
  );
  const grants = await describeGrants(client, 'pg_class', 'relacl', 'relowner');
  const texts: string[] = [];
  for (const row of rows) texts.push(await describeTable(client, row, grants.get(row.oid) ?? []));
  return texts;
}
