import { z } from 'zod';
import { onboardingKinds } from '../../../contracts/onboarding.ts';
import type { RollupTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import { connectionState, stateColumn, stateJoins } from '../connection-state-store.ts';

const kind = z.enum(onboardingKinds);
const countRow = z.object({ partner: z.string(), kind, tenants: z.number(), connections: z.number() });

/** How many tenants are connected to each partner, and by how many connections. */
export function countPartners(tx: RollupTx): Promise<z.output<typeof countRow>[]> {
  return tx.many(
    sql`select partner, kind, count(distinct tenant_id)::integer as tenants, count(*)::integer as connections
      from connection group by partner, kind order by partner, kind`,
    countRow,
  );
}

const useRow = z.object({
  slug: z.string(),
  name: z.string(),
  connection_id: z.uuid(),
  kind,
  state: connectionState,
});

/** Connections to one partner with whose they are, the oldest first. */
export function listPartnerUse(
  tx: RollupTx,
  partner: string,
  { after = null, limit }: { after?: string | null | undefined; limit: number },
): Promise<z.output<typeof useRow>[]> {
  return tx.many(
    sql`
    select t.slug, t.name, c.connection_id, c.kind, ${stateColumn} as state
    from connection c join tenant t on t.tenant_id = c.tenant_id ${stateJoins}
    where c.partner = ${partner} and (${after}::uuid is null or c.connection_id > ${after}::uuid)
    order by c.connection_id limit ${limit}`,
    useRow,
  );
}

const connectorRow = z.object({
  connector: z.string(),
  version: z.string().nullable(),
  tenants: z.number(),
  connections: z.number(),
  all_tenants: z.number(),
});

/** Who uses each connector, parted by the version that the last run of each roster went by; null: none has run. */
export function countConnectors(tx: RollupTx): Promise<z.output<typeof connectorRow>[]> {
  return tx.many(
    sql`
    with used as (
      select s.tenant_id, s.connector, (select r.connector_version from sync_run r
        where r.tenant_id = s.tenant_id and r.connection_id = s.connection_id
        order by r.run_no desc limit 1) as version
      from roster_source s)
    select connector, version, count(distinct tenant_id)::integer as tenants, count(*)::integer as connections,
      (select count(distinct u.tenant_id)::integer from used u where u.connector = used.connector) as all_tenants
    from used group by connector, version order by connector, version`,
    connectorRow,
  );
}
