import type { healthMoreEndpoints } from '../../../contracts/http/health-more-endpoints.ts';
import { type ConnectionId, HUB_TENANT, type TargetId } from '../../../contracts/ids.ts';
import { readDownHosts, resetHost } from '../../health/breaker/hosts.ts';
import { readBurden, readToil } from '../../health/burden/burden.ts';
import { importWork, readWorkSources } from '../../health/burden/work.ts';
import { largestWorkCsv, readWorkCsv } from '../../health/burden/work-csv.ts';
import { addTarget, readTargets, removeTarget, type TargetDeps } from '../../health/notifications/targets.ts';
import { readProbes, setProbing } from '../../health/probes/probes.ts';
import {
  noteEvidence,
  readHubReadiness,
  readInstitution,
  readPartner,
  setSecretTerm,
} from '../../health/readiness/readiness.ts';
import type { Database } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import type { Handlers } from '../router.ts';
import { readText } from './read-text.ts';

const done = { done: true } as const;
const iso = (time: number) => new Date(time).toISOString();

/** What is done for the endpoints about hosts that are down, probes, readiness, work, and who is told. */
export function readinessHandlers(
  services: TargetDeps & { db: Database },
): Handlers<typeof healthMoreEndpoints> {
  const { db } = services;
  return {
    listDownHosts: async () => ({
      hosts: (await readDownHosts(db)).map(({ host, breaker: { openedAt, until, ...rest } }) => ({
        ...{ host, ...rest, openedAt: iso(openedAt), until: iso(until) },
      })),
    }),
    resetHost: async ({ body, by }) => {
      await resetHost(db, body.host, by);
      return done;
    },
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
    showReadiness: async ({ tenant, by }) => {
      const { term, ...rest } = await readInstitution(db, tenant.tenantId, by.now);
      const shown = term && {
        ...{ name: term.name, startsAt: term.startsAt.toISOString(), endsAt: term.endsAt.toISOString() },
      };
      return { term: shown, ...rest };
    },
    showHubReadiness: async ({ query, by }) => {
      const { partner } = query;
      const connections = partner === undefined ? [] : await readPartner(db, partner, by.now);
      return { ...(await readHubReadiness(db, by.now)), connections };
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
    showBurden: async ({ query, by: { now } }) => {
      const { month, term } = await readBurden(db, HUB_TENANT, now);
      const show = ({ from, to, ...rest }: typeof month) => ({
        ...{ from: from.toISOString(), to: to.toISOString(), ...rest },
      });
      const toil = await readToil(db, HUB_TENANT, { months: query.months, now });
      return { month: show(month), term: term && show(term), toil };
    },
    addWork: async ({ body, by }) => ({
      count: await importWork(db, HUB_TENANT, { source: 'api', work: body.items }, by),
    }),
    importWork: async ({ body, by }) => {
      const work = readWorkCsv(await readText(body, largestWorkCsv, 'work_list_invalid'));
      return { count: await importWork(db, HUB_TENANT, { source: 'csv', work }, by) };
    },
    listWorkSources: async () => ({
      sources: (await readWorkSources(db, HUB_TENANT)).map(({ createdAt, ...rest }) => ({
        ...{ ...rest, createdAt: createdAt.toISOString() },
      })),
    }),
    listTargets: async ({ tenant }) => ({ targets: await readTargets(db, tenant.tenantId) }),
    addTarget: async ({ tenant, body, by }) => {
      const { reason: _reason, to, url, ...rest } = body;
      const input = { ...rest, ...defined({ to, url }) };
      const { target, secret } = await addTarget(services, tenant.tenantId, input, by);
      return { target, secret: secret ?? null };
    },
    removeTarget: async ({ tenant, params, by }) => ({
      target: await removeTarget(db, tenant.tenantId, params.targetId as TargetId, by),
    }),
  };
}
