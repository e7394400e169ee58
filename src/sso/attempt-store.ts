import { z } from 'zod';
import type { Database } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import type { AttemptStore } from './ldap/limits.ts';

const counted = z.object({ attempts: z.number() });

/** Counts of password attempts in the database, so that every copy counts together. Each call is one round trip. */
export function createAttemptStore(db: Pick<Database, 'tenant'>): AttemptStore {
  return {
    take: async (tenantId, key, { now, lengthMs }) => {
      const at = new Date(now);
      const ends = new Date(now + lengthMs);
      const { attempts } = await db.tenant(tenantId).one(
        sql`insert into sign_in_attempt as a (tenant_id, key, attempts, window_ends_at)
          values (${tenantId}, ${key}, 1, ${ends})
          on conflict (tenant_id, key) do update set
            attempts = case when a.window_ends_at <= ${at} then 1 else a.attempts + 1 end,
            window_ends_at = case when a.window_ends_at <= ${at} then ${ends} else a.window_ends_at end
          returning attempts`,
        counted,
      );
      return attempts;
    },
    count: async (tenantId, key, { now }) => {
      const row = await db.tenant(tenantId).maybeOne(
        sql`select attempts from sign_in_attempt
          where tenant_id = ${tenantId} and key = ${key} and window_ends_at > ${new Date(now)}`,
        counted,
      );
      return row?.attempts ?? 0;
    },
    giveBack: async (tenantId, key) => {
      await db.tenant(tenantId).exec(
        sql`update sign_in_attempt set attempts = greatest(attempts - 1, 0)
          where tenant_id = ${tenantId} and key = ${key}`,
      );
    },
    clear: async (tenantId, key) => {
      await db
        .tenant(tenantId)
        .exec(sql`delete from sign_in_attempt where tenant_id = ${tenantId} and key = ${key}`);
    },
  };
}
