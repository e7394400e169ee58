import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { readProbes, setProbing } from '../../health/probes/probes.ts';
import type { Database } from '../../platform/db.ts';
import type { Handlers } from '../router.ts';

const done = { done: true } as const;

/** What is done for the endpoints about asking connections without people. */
export function probeHandlers(db: Database): Pick<Handlers<typeof endpoints>, 'listProbes' | 'setProbing'> {
  return {
    listProbes: async ({ tenant, query }) => {
      const { runs, off } = await db.withTenant(tenant.tenantId, (tx) => readProbes(tx, query.limit));
      const probes = runs.map(({ startedAt, endedAt, ...rest }) => ({
        ...{ ...rest, startedAt: startedAt.toISOString(), endedAt: endedAt.toISOString() },
      }));
      return { probes, off };
    },
    setProbing: async ({ tenant, params, body, by }) => {
      const connectionId = params.connectionId as ConnectionId;
      await setProbing(db, tenant.tenantId, { connectionId, isOn: body.isOn }, by);
      return done;
    },
  };
}
