import type { TestDatabase } from '../support/database.ts';

/** As if the database's clock had gone on past the end of every lease. */
export async function endLeases(superuser: TestDatabase['superuser']): Promise<void> {
  await superuser.query(
    `update grade_line set lease_until = now() - interval '1 second' where lease_until is not null`,
  );
}
