import { type Sql, sql } from '../platform/sql/sql.ts';

/** A user `u` by the names they go by (OneRoster 1.2, preferredGivenName): given_name and family_name. */
export const namesGoneBy: Sql = sql`coalesce(nullif(u.preferred_given_name, ''), u.given_name) as given_name,
  coalesce(nullif(u.preferred_family_name, ''), u.family_name) as family_name`;

/** Whether a role or an enrollment is in force. @param today `YYYY-MM-DD` */
export const isToday = (row: Sql, today: string): Sql => sql`
  coalesce(${row}.begin_date, ${today}::date) <= ${today}::date and coalesce(${row}.end_date, ${today}::date) >= ${today}::date`;
