import { z } from 'zod';
import { DomainError } from '../errors.ts';
import { sql } from '../sql/sql.ts';
import { verbs } from './handles.ts';
import type { Pool } from './pool.ts';
import { oneTrip } from './transaction.ts';

const currentRole = z.object({ name: z.string(), unsafe: z.boolean() });

/**
 * Refuses connections that work as another role than they should, or as one that could bypass row-level security.
 *
 * @throws DomainError `database_unavailable`, `database_role_unsafe`
 */
export async function refuseUnsafeRole(pool: Pool, wanted: string): Promise<void> {
  const { name, unsafe } = await verbs(oneTrip(pool, [])).one(
    sql`select rolname::text as name, rolsuper or rolbypassrls as unsafe from pg_roles where rolname = current_user`,
    currentRole,
  );
  if (name === wanted && !unsafe) return;
  throw new DomainError(
    'internal',
    'database_role_unsafe',
    `The connection runs as "${name}", not as "${wanted}", so tenants would not be held apart. ` +
      'Run the migrations first, and let the startup option "role" pass through any pooler in between.',
  );
}
