import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { ltiUpkeepEndpoints } from '../../../contracts/http/lti-upkeep.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { getRegistration } from '../../connections/registrations.ts';
import { type LegacyKey, listLegacyKeys, removeLegacyKey, setLegacyKey } from '../../lti/legacy/keys.ts';
import { listNotices, replayNotices } from '../../lti/notices/notices.ts';
import type { Database, TenantTx } from '../../platform/db.ts';
import type { Secrets } from '../../platform/secrets/secrets.ts';
import { getToolBySlug } from '../../tools/tools.ts';
import type { Handlers } from '../router.ts';

/** What is done for the endpoints about keys of LTI 1.1 and about notices. */
export function upkeepHandlers({
  db,
  secrets,
}: {
  db: Database;
  secrets: Pick<Secrets, 'seal'>;
}): Pick<Handlers<typeof endpoints>, keyof typeof ltiUpkeepEndpoints> {
  return {
    listLegacyKeys: async ({ tenant }) => ({
      keys: (await db.withTenant(tenant.tenantId, listLegacyKeys)).map(showKey),
    }),
    setLegacyKey: async ({ tenant, body, by }) => {
      const { consumerKey, secret } = body;
      const key = await db.withTenant(tenant.tenantId, async (tx) =>
        setLegacyKey(tx, secrets, { ...(await getHolder(tx, body)), consumerKey, secret }, by),
      );
      return { key: showKey(key) };
    },
    removeLegacyKey: async ({ tenant, params, by }) => {
      const key = await db.withTenant(tenant.tenantId, (tx) => removeLegacyKey(tx, params.holderId, by));
      return { key: showKey(key) };
    },
    listNotices: async ({ tenant, query }) => {
      const found = await db.withTenant(tenant.tenantId, (tx) => listNotices(tx, query));
      return { notices: found.map((each) => ({ ...each, createdAt: each.createdAt.toISOString() })) };
    },
    replayNotices: async ({ tenant, body, by }) => ({
      replayed: await db.withTenant(tenant.tenantId, (tx) => replayNotices(tx, body.noticeId, by)),
    }),
  };
}

/** The contract lets through exactly one of the two. */
async function getHolder(
  tx: TenantTx,
  { connectionId, tool }: { connectionId?: string | undefined; tool?: string | undefined },
) {
  if (tool !== undefined)
    return { holder: 'tool', holderId: (await getToolBySlug(tx, tool)).toolId } as const;
  const registration = await getRegistration(tx, connectionId as ConnectionId);
  return { holder: 'connection', holderId: registration.connectionId } as const;
}

function showKey({ changedAt, ...key }: LegacyKey) {
  return { ...key, changedAt: changedAt.toISOString() };
}
