import { type Column, columnName, type Entity } from '../../contracts/roster.ts';

/** Where each entity of the canonical roster stands. */
export const tables: Readonly<Record<Entity, string>> = {
  orgs: 'roster_org',
  academicSessions: 'roster_session',
  courses: 'roster_course',
  classes: 'roster_class',
  users: 'roster_user',
  roles: 'roster_role',
  enrollments: 'roster_enrollment',
  demographics: 'roster_demographics',
  categories: 'roster_category',
  lineItems: 'roster_line_item',
  results: 'roster_result',
};

/** The type in which a column's values are kept. */
export function columnType({ kind }: Column): 'date' | 'boolean' | 'numeric' | 'text[]' | 'text' {
  switch (kind.is) {
    case 'date':
      return 'date';
    case 'boolean':
      return 'boolean';
    case 'number':
      return 'numeric';
    case 'references':
    case 'list':
      return 'text[]';
    default:
      return 'text';
  }
}

/** A column's name as it may stand in SQL. */
export function quotedColumn({ name }: Pick<Column, 'name'>): string {
  return `"${columnName(name)}"`;
}
