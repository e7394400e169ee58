import { type Column, columnName, type Entity, models } from '../../../../contracts/roster.ts';
import { Sql, sql } from '../../../platform/sql/sql.ts';
import { columnType, quotedColumn, tables } from '../../../roster/tables.ts';
import type { EngineRun } from '../../engine.ts';

/** Text of ours as it stands, for names and expressions made from the models; never a value. */
export function raw(text: string): Sql {
  return new Sql([text], []);
}

/** Pieces with something between them. */
export function joined(pieces: readonly Sql[], separator = ', '): Sql {
  return pieces.reduce(
    (before, piece, i) => (i === 0 ? piece : sql`${before}${raw(separator)}${piece}`),
    sql``,
  );
}

/** What is cut off at the ends of values: white space, which tabs and no-break spaces are too. */
export const ends = ' \t\r\n\u00a0';

/** A text without the white space at its ends. */
export function trimmed(text: Sql): Sql {
  return sql`btrim(${text}, ${ends})`;
}

/** What an id has in common with those that differ from it only by zeros in front or by capitals. */
export function leveled(id: Sql): Sql {
  return sql`lower(ltrim(${id}, '0'))`;
}

/** The canonical table of an entity. */
export function roster(entity: Entity): Sql {
  return raw(tables[entity]);
}

/** What the run has read of an entity. */
export function stagedName(entity: Entity): string {
  return tables[entity].replace('roster_', 'staged_');
}

export function staged(entity: Entity): Sql {
  return raw(stagedName(entity));
}

/** What of it is new or different. */
export function fresh(entity: Entity): Sql {
  return raw(freshName(entity));
}

export function freshName(entity: Entity): string {
  return tables[entity].replace('roster_', 'fresh_');
}

/**
 * What of an entity is new or different: the rows of `fresh`, and with a first load those too that need no mending and stay
 * where they were read. Where it is known that there are none of these the planner must not see them: it would take the few
 * rows of a night for as many as there were on the first day.
 */
export function due(entity: Entity, { direct }: Pick<EngineRun, 'direct'> = {}): Sql {
  if (direct?.has(entity) === false) return fresh(entity);
  return raw(tables[entity].replace('roster_', 'due_'));
}

/** The entity's own columns, in the canonical order. */
export function columnsOf(entity: Entity): readonly Column[] {
  return models[entity].columns;
}

/** A column by its name in the header. */
export function columnNamed(entity: Entity, name: string): Column {
  const column = models[entity].columns.find((each) => each.name === name);
  if (column === undefined) throw new Error(`${entity} have no column ${name}`);
  return column;
}

/** A column's name in SQL, of the table with that alias where one is given. */
export function named(column: Pick<Column, 'name'>, alias?: string): Sql {
  return raw(alias === undefined ? quotedColumn(column) : `${alias}.${quotedColumn(column)}`);
}

/** The school a row names; NULL where its entity names none. */
export function schoolOf(entity: Entity, alias: string): Sql {
  const { school } = models[entity];
  return school === undefined ? raw('null::text') : raw(`${alias}."${columnName(school)}"`);
}

/** A column's text as the value that is kept. */
export function typed(column: Column, alias: string): Sql {
  const text = `${alias}.${quotedColumn(column)}`;
  const type = columnType(column);
  if (type === 'text') return raw(text);
  if (type !== 'text[]') return raw(`${text}::${type}`);
  return raw(`array_remove(string_to_array(replace(${text}, ', ', ','), ','), '')`);
}

/** A value that is kept, as text again. */
export function asText(column: Column, alias: string): Sql {
  const value = `${alias}.${quotedColumn(column)}`;
  const type = columnType(column);
  if (type === 'text') return raw(value);
  return raw(type === 'text[]' ? `array_to_string(${value}, ',')` : `${value}::text`);
}
