import { type ConnectionId, HUB_TENANT, newId, type ProbeId, type TenantId } from '../../../contracts/ids.ts';
import { saveDownHost } from '../../../src/health/breaker/host-store.ts';
import { importWork } from '../../../src/health/burden/work.ts';
import { addTarget, type NewTarget } from '../../../src/health/notifications/targets.ts';
import { insertProbe } from '../../../src/health/probes/probe-store.ts';
import type { Database } from '../../../src/platform/db.ts';
import type { Secrets } from '../../../src/platform/secrets/secrets.ts';

/** Something for every page about health: a host that is down, probes, who is told, and work on integrations. */
export async function addHealthRows(
  { db, secrets }: { db: Database; secrets: Pick<Secrets, 'seal'> },
  tenantId: TenantId,
  connectionId: ConnectionId,
  now: number,
): Promise<void> {
  const by = { actor: 'test', now };
  const breaker = { state: 'open', failures: 7, reason: 'timeout', openedAt: now - 60_000 } as const;
  await db.withHub((tx) =>
    saveDownHost(tx, { host: 'lms.example', breaker: { ...breaker, until: now + 3_600_000 } }),
  );
  const ends = [
    { outcome: 'failed_partner', reason: 'partner_5xx' },
    { outcome: 'success', reason: null },
  ] as const;
  for (const [index, end] of ends.entries()) {
    const endedAt = new Date(now - (index + 1) * 3_600_000);
    const startedAt = new Date(endedAt.getTime() - 300);
    const probe = { probeId: newId<ProbeId>(endedAt.getTime()), connectionId, kind: 'read', ...end } as const;
    await db.withTenant(tenantId, (tx) => insertProbe(tx, { ...probe, startedAt, endedAt }));
  }
  const target: NewTarget = { channel: 'email', name: 'Managers', to: ['managers@company.example'] };
  for (const whose of [tenantId, HUB_TENANT]) {
    await addTarget({ db, secrets, allowLoopback: true }, whose, target, by);
  }
  const doneAt = new Date(now - 86_400_000).toISOString();
  const work = (['existing', 'new'] as const).map((integration, index) => ({
    ...{ externalId: `work-${index}`, integration, partner: 'canvas', minutes: 90, doneAt },
  }));
  await importWork(db, HUB_TENANT, { source: 'api', work }, by);
}
