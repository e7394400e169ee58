import { type ConnectionId, newId, type ProbeId, type TenantId } from '../../../contracts/ids.ts';
import type { ProbeEnd, ProbeKind } from '../../../contracts/probes.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError, type ErrorKind } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import { hostDownCode } from '../breaker/call-end.ts';
import type { Outcome } from '../outcomes.ts';
import { type Candidate, planProbes } from './plan.ts';
import { insertProbe, listCandidates } from './probe-store.ts';

/** Asks one connection. What it finds is its answer; what it throws is judged by its kind. */
export type ProbeStep = (
  tenantId: TenantId,
  connectionId: ConnectionId,
  signal: AbortSignal,
) => Promise<ProbeEnd>;

export interface ProbeDeps {
  db: Pick<Database, 'withRollup' | 'withTenant'>;
  clock: Clock;
  log: Log;
  steps: Readonly<Record<ProbeKind, ProbeStep>>;
  /** How long one may take, in milliseconds. */
  timeoutMs?: number;
}

/** In one pass, and of them at a time. */
const most = 40;
const atOnce = 5;

/** Asks the connections whose turn it is. One that hangs or fails stops no other. */
export async function runProbes(deps: ProbeDeps, signal?: AbortSignal): Promise<void> {
  const candidates = await deps.db.withRollup((tx) => listCandidates(tx, new Date(deps.clock.now())));
  const queue = planProbes(candidates, deps.clock.now(), most);
  const goOn = async () => {
    for (let next = queue.shift(); next !== undefined && signal?.aborted !== true; next = queue.shift()) {
      const { tenantId, connectionId } = next;
      await askOne(deps, next, signal).catch((error: unknown) => {
        deps.log.warn('probe_not_recorded', { tenantId, connectionId, error });
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, goOn));
}

async function askOne(
  { db, clock, steps, timeoutMs = 20_000 }: ProbeDeps,
  { kind, ...ids }: Candidate,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [tenantId, connectionId] = [ids.tenantId as TenantId, ids.connectionId as ConnectionId];
  const startedAt = clock.now();
  const late = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? late : AbortSignal.any([signal, late]);
  const end = await Promise.race([ask(steps[kind], tenantId, connectionId, either), untilAborted(late)]);
  // A copy that stops has found out nothing.
  if (signal?.aborted === true) return;
  const times = { startedAt: new Date(startedAt), endedAt: new Date(clock.now()) };
  const probe = { ...end, ...times, kind, connectionId, probeId: newId<ProbeId>(startedAt) };
  await db.withTenant(tenantId, (tx) => insertProbe(tx, probe));
}

async function ask(
  step: ProbeStep,
  tenantId: TenantId,
  connectionId: ConnectionId,
  signal: AbortSignal,
): Promise<ProbeEnd> {
  try {
    return await step(tenantId, connectionId, signal);
  } catch (error) {
    return decideProbeEnd(error);
  }
}

function untilAborted(signal: AbortSignal): Promise<ProbeEnd> {
  return new Promise((resolve) => {
    const end = () => resolve({ outcome: 'failed_partner', reason: 'probe_timeout' });
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/** What cannot be asked without people, and what its host's breaker knows already, says nothing new. */
const saysNothing: ReadonlySet<string> = new Set([
  hostDownCode,
  'identity_not_checkable',
  'upload_missing',
  'outbound_aborted',
]);

const outcomeOfKind: Readonly<Partial<Record<ErrorKind, Outcome>>> = {
  upstream: 'failed_partner',
  internal: 'failed_hub',
  rate_limited: 'failed_partner',
};

/** What a failure says; anything that is not down, nor ours, is a matter of settings. */
export function decideProbeEnd(error: unknown): ProbeEnd {
  if (!(error instanceof DomainError)) return { outcome: 'failed_hub', reason: 'internal' };
  if (saysNothing.has(error.code)) return { outcome: 'suppressed', reason: error.code };
  return { outcome: outcomeOfKind[error.kind] ?? 'failed_config', reason: error.code };
}
