import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { type ConnectionId, HUB_TENANT } from '../../../contracts/ids.ts';
import type { PlanProfile } from '../../../contracts/readiness.ts';
import {
  type ConnectionReadiness,
  noteEvidence,
  readHubReadiness,
  readInstitution,
  readPartner,
  setSecretTerm,
} from '../../health/readiness/readiness.ts';
import type { Database } from '../../platform/db.ts';
import type { Handlers } from '../router.ts';

const done = { done: true } as const;

function showConnection<Of extends ConnectionReadiness>({ plans, ...rest }: Of) {
  const shown = (plan: PlanProfile | undefined) => {
    if (plan === undefined) return null;
    const { at, present, created, removed, sizes } = plan;
    return { at: new Date(at).toISOString(), present, created, removed, sizes };
  };
  return { ...rest, plans: { latest: shown(plans.latest), lastYear: shown(plans.lastYear) } };
}

/** What is done for the endpoints about being ready for the next term. */
export function readinessHandlers(
  db: Database,
): Pick<
  Handlers<typeof endpoints>,
  'showReadiness' | 'showHubReadiness' | 'noteReadiness' | 'noteLoadTest' | 'setSecretTerm'
> {
  return {
    showReadiness: async ({ tenant, by }) => {
      const { term, connections, ...rest } = await readInstitution(db, tenant.tenantId, by.now);
      const shown = term && {
        ...{ name: term.name, startsAt: term.startsAt.toISOString(), endsAt: term.endsAt.toISOString() },
      };
      return { term: shown, ...rest, connections: connections.map(showConnection) };
    },
    showHubReadiness: async ({ query, by }) => {
      const { partner } = query;
      const connections = partner === undefined ? [] : await readPartner(db, partner, by.now);
      return { ...(await readHubReadiness(db, by.now)), connections: connections.map(showConnection) };
    },
    noteReadiness: async ({ tenant, body, by }) => {
      const { subject, connectionId } = body;
      const evidence = { subject, connectionId: connectionId as ConnectionId | undefined };
      await noteEvidence(db, tenant.tenantId, evidence, by);
      return done;
    },
    noteLoadTest: async ({ body, by }) => {
      await noteEvidence(db, HUB_TENANT, { subject: 'load_test', amount: body.amount }, by);
      return done;
    },
    setSecretTerm: async ({ tenant, params, body, by }) => {
      const connectionId = params.connectionId as ConnectionId;
      const term = { connectionId, name: body.name, notAfter: new Date(body.notAfter) };
      await setSecretTerm(db, tenant.tenantId, term, by);
      return done;
    },
  };
}
