import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import { keptMetadata } from './kept-metadata.ts';

const state = z.enum(['next', 'active', 'retired']);
const base64 = z.base64();
const unbroken = z.string().transform((text) => text.replaceAll('\n', ''));

const materialRow = z.object({
  certificates: z.array(z.object({ state, base64: unbroken.pipe(base64) })),
  keys: z.array(
    z.object({ state, fingerprint: z.hex(), base64: unbroken.pipe(base64), sealed: unbroken.pipe(base64) }),
  ),
  current: keptMetadata.nullable(),
  valid_until: z.date().nullable(),
});

/** Everything that a sign-in needs to know of both sides, as it is stored. */
export type Material = z.output<typeof materialRow>;

/** Certificates, keys and metadata of a connection, in one round trip. */
export function selectMaterial(tx: TenantTx, connectionId: ConnectionId): Promise<Material> {
  return tx.one(
    sql`select
        coalesce((select json_agg(json_build_object('state', state, 'base64', encode(certificate, 'base64'))
            order by added_at, fingerprint)
          from identity_certificate where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}), '[]')
          as certificates,
        coalesce((select json_agg(json_build_object('state', state, 'fingerprint', encode(fingerprint, 'hex'),
            'base64', encode(certificate, 'base64'), 'sealed', encode(sealed_private_key, 'base64'))
            order by created_at, fingerprint)
          from identity_key where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}), '[]') as keys,
        m.current, m.valid_until
      from (values (1)) one
        left join identity_metadata m on m.tenant_id = ${tx.tenantId} and m.connection_id = ${connectionId}`,
    materialRow,
  );
}
