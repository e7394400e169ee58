import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { isRounded } from './fault-rules.ts';
import { note } from './finding-store.ts';
import { columnNamed, fresh, named, raw } from './names.ts';
import { countAmong } from './text-store.ts';

/** Numbers that are names of something: a spreadsheet rounds them. */
const numbered: Partial<Readonly<Record<Entity, readonly string[]>>> = {
  orgs: ['identifier'],
  courses: ['courseCode'],
  classes: ['classCode'],
  users: ['username', 'identifier', 'userMasterIdentifier', 'sms', 'phone'],
};

/** Names and titles, which people type. */
const typed: Partial<Readonly<Record<Entity, readonly string[]>>> = {
  orgs: ['name'],
  academicSessions: ['title'],
  courses: ['title'],
  classes: ['title'],
  users: ['givenName', 'familyName', 'middleName', 'preferredGivenName', 'preferredFamilyName'],
};

/** Where a header that stands among the rows would come in: elsewhere its references lead nowhere, which rejects it. */
const looksForHeader: readonly Entity[] = [
  'orgs',
  'academicSessions',
  'courses',
  'classes',
  'users',
  'categories',
];

interface Sign {
  code: string;
  column: string;
  where: Sql;
  becomes: 'emptied' | 'rejected' | 'kept';
}

/**
 * What shows that a file went through a spreadsheet or a word processor: numbers rounded to 1.2E+05, values in typographic
 * quotation marks, headers of files that were put one behind the other.
 */
export async function settleSpreadsheet(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const table = fresh(entity);
  const signs = signsOf(entity);
  if (signs.length === 0) return;
  const counts = await countAmong(
    tx,
    sql`${table} where action <> 'reject'`,
    signs.map(({ where }) => where),
  );
  for (const [i, { code, column, where, becomes }] of signs.entries()) {
    if (counts[i] === 0) continue;
    const rejects = becomes === 'rejected' || (becomes === 'emptied' && run.profile === 'strict');
    const kind = { code, severity: rejects ? 'error' : 'warning', entity, column } as const;
    await note(
      tx,
      run,
      kind,
      sql`select part, line, sourced_id from ${table} where action <> 'reject' and ${where}`,
    );
    if (becomes === 'kept') continue;
    const change = rejects ? raw(`action = 'reject'`) : sql`${named(columnNamed(entity, column))} = null`;
    await tx.exec(sql`update ${table} set ${change} where action <> 'reject' and ${where}`);
  }
}

/** What is looked for in an entity. */
export function signsOf(entity: Entity): Sign[] {
  const header: Sign[] = looksForHeader.includes(entity)
    ? [
        {
          code: 'header_repeated',
          column: 'sourcedId',
          // A file that is put behind another may bring its byte order mark along.
          where: raw(`lower(sourced_id) in ('sourcedid', '\ufeffsourcedid')`),
          becomes: 'rejected',
        },
      ]
    : [];
  const rounded = (numbered[entity] ?? []).map((column): Sign => {
    const name = named(columnNamed(entity, column));
    const where = sql`(${name} like '%+%' and ${isRounded(name)})`;
    return { code: 'value_scientific', column, where, becomes: 'emptied' };
  });
  const quoted = (typed[entity] ?? []).map((column): Sign => {
    const name = named(columnNamed(entity, column));
    // In one pair of them, or with one that has lost the other; a title may hold a pair. Most texts are ASCII: that they
    // are is told sooner than what they look like.
    const where = sql`(octet_length(${name}) <> length(${name})
      and ${name} ~ ${'^[“”„][^“”„]*[“”„]?$|^[^“”„]*[“”„]$'})`;
    return { code: 'smart_quotes', column, where, becomes: 'kept' };
  });
  return [...header, ...rounded, ...quoted];
}

const found = z.object({ found: z.boolean() });

/** Ids that came with zeros in front and come without them now, or the other way round: each looks like somebody new. */
export async function checkZeros(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  if (!looksForHeader.includes(entity)) return;
  const gone = sql`from gone g where g.entity = ${entity}`;
  if (!(await tx.one(sql`select exists (select ${gone}) as found`, found)).found) return;
  // In a CASE the list of what is gone is hashed once, whatever the planner thinks of its length.
  const lost = sql`case when f.action = 'create'
    then ltrim(f.sourced_id, '0') in (select ltrim(g.sourced_id, '0') ${gone}) else false end`;
  await note(
    tx,
    run,
    { code: 'sourced_id_zeros', severity: 'warning', entity, column: 'sourcedId' },
    sql`select f.part, f.line, f.sourced_id from ${fresh(entity)} f where ${lost}`,
  );
}
