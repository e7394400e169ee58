import type { z } from 'zod';
import type { summarizeTenant } from '../../../contracts/http/tenants.ts';
import type { TenantId } from '../../../contracts/ids.ts';
import { rangeOf, readNumbers } from '../../health/metrics/health-report.ts';
import type { Database } from '../../platform/db.ts';
import { countWaiting, listSummarizedConnections } from './tenant-summary-store.ts';

type Summary = z.input<(typeof summarizeTenant)['reply']['schema']>;

/** What a tenant is connected to, how that goes, and what waits for somebody there. @param now Unix milliseconds */
export async function summarize(db: Database, tenantId: TenantId, now: number): Promise<Summary> {
  const slicing = { filter: {}, groupBy: ['connection'] } as const;
  const [groups, { connections, counts }] = await Promise.all([
    readNumbers({ db, tenantId }, rangeOf('28d', now), slicing),
    db.withTenant(tenantId, async (tx) => ({
      connections: await listSummarizedConnections(tx),
      counts: await countWaiting(tx),
    })),
  ]);
  const numbersOf = new Map(groups.map(({ slice, numbers }) => [slice.connectionId, numbers]));
  return {
    connections: connections.map(({ connection_id, created_at, ...rest }) => {
      const numbers = numbersOf.get(connection_id);
      return {
        ...rest,
        connectionId: connection_id,
        createdAt: created_at.toISOString(),
        health: {
          ended: numbers?.ended ?? 0,
          failed: numbers?.failureRate.part ?? 0,
          lastSuccessAt: numbers?.lastSuccess?.toISOString() ?? null,
        },
      };
    }),
    tools: counts.tools,
    waiting: {
      incidents: counts.incidents,
      reviews: counts.reviews,
      heldRuns: counts.held_runs,
      pendingGrades: counts.pending_grades,
      deploymentClaims: counts.deployment_claims,
      onboardings: counts.onboardings,
    },
  };
}
