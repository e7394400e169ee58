import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import { type PendingDelivery, planSend, type SendPlan } from './coalesce.ts';
import { type GradeWay, type SendResult, sendDeadlineMs } from './destination.ts';
import { lineKey, listWaiting, type TakenLine, takeDueLines } from './drain-store.ts';
import { outcomeOf } from './reasons.ts';
import { applyRouteNews, haltRoute } from './route-news.ts';
import type { DeliveryServices } from './services.ts';
import { decideSettlement, type Tried } from './settle.ts';
import { ensureRoute, type SettledLine, settleLines } from './settle-store.ts';

/** Delivers what is due over one connection, until nothing is left. */
export interface Drain {
  /** Settles when nothing is due any more, or after `stop` once all that was sent is written down. */
  readonly done: Promise<void>;
  /** Something may have become due. */
  nudge(): void;
  /** Takes no more. */
  stop(): void;
}

/** Lines in the air at once over one connection, as many as the outbound guard has sockets for a host. */
const mostInAir = 64;
/** A line is held a good deal longer than a try can take; who is gone by then has lost it. */
const leaseMs = sendDeadlineMs + 15_000;

interface Landed {
  line: TakenLine;
  plan: SendPlan;
  tried: Tried;
}

/** Starts a drain. Posts are made outside any transaction; a slow one holds back nobody but its own line. */
export function startDrain(deps: DeliveryServices, tenantId: TenantId, connectionId: ConnectionId): Drain {
  const { db, destination, clock, log } = deps;
  const tx = db.tenant(tenantId);
  const landed: Landed[] = [];
  let inAir = 0;
  let dry = false;
  let stopped = false;
  let nudges = 0;
  let bell = Promise.withResolvers<void>();

  async function run(): Promise<void> {
    const way = await destination.open(tenantId, connectionId);
    const rate = 'fault' in way ? { perSecond: 1, burst: 1 } : way.rate;
    await ensureRoute(tx, connectionId, rate.burst, new Date(clock.now()));
    if ('fault' in way) return haltRoute(deps, tenantId, connectionId, way.fault, way.version);
    for (;;) {
      bell = Promise.withResolvers<void>();
      const settling = landed.splice(0);
      const room = mostInAir - inAir;
      const wanted = dry || stopped || room < mostInAir / 2 ? 0 : room;
      if (settling.length === 0 && wanted === 0) {
        if (inAir === 0) return;
        await bell.promise;
        continue;
      }
      const nudged = nudges;
      const [more, lines] = await Promise.all([settle(way, settling), take(way, wanted)]);
      if (wanted > 0 && nudges === nudged) dry = lines.length < wanted;
      if (more === 'due') dry = false;
      if (more === 'halt') stopped = true;
      for (const [line, plan] of lines) void send(way, line, plan);
    }
  }

  async function take(way: GradeWay, most: number): Promise<[TakenLine, SendPlan][]> {
    if (most === 0) return [];
    // What is in the air has to be settled all the same; the sweep takes the rest up again.
    return takeLines(way, most).catch((error: unknown) => {
      log.warn('grades_not_taken', { tenantId, connectionId, error });
      return [];
    });
  }

  async function takeLines(way: GradeWay, most: number): Promise<[TakenLine, SendPlan][]> {
    const now = clock.now();
    const lines = await takeDueLines(tx, {
      connectionId,
      token: randomUUID(),
      now: new Date(now),
      leaseUntil: new Date(now + leaseMs),
      most,
      // The sweep comes every second: a smaller bucket would waste what fills it meanwhile.
      rate: { perSecond: way.rate.perSecond, burst: Math.max(way.rate.burst, way.rate.perSecond) },
    });
    if (lines.length === 0) return [];
    const waiting = await listWaiting(tx, lines);
    return lines.flatMap((line): [TakenLine, SendPlan][] => {
      const plan = planSend(waiting.get(lineKey(line.lineItemId, line.personId)) ?? []);
      return plan === undefined ? [] : [[line, plan]];
    });
  }

  async function send(way: GradeWay, line: TakenLine, plan: SendPlan): Promise<void> {
    inAir += 1;
    const startedAt = new Date(clock.now());
    const result = await sendOne(way, line, plan.send);
    landed.push({ line, plan, tried: { result, startedAt, endedAt: new Date(clock.now()) } });
    inAir -= 1;
    bell.resolve();
  }

  function sendOne(way: GradeWay, line: TakenLine, delivery: PendingDelivery): Promise<SendResult> {
    if (line.subject === undefined) return Promise.resolve({ kind: 'permanent', reason: 'person_left' });
    const { lineItemUrl, deploymentId, subject, maybeSent, lastSentAt } = line;
    const { score } = delivery;
    return way
      .send({ lineItemUrl, deploymentId, subject, score, maybeSent, lastSentAt })
      .catch((error: unknown): SendResult => {
        log.error('grade_send_failed', { tenantId, connectionId, deliveryId: delivery.deliveryId, error });
        return { kind: 'temporary', reason: 'answer_invalid', maybeSent: true };
      });
  }

  /** @returns whether lines are due again at once, or the connection must be left alone now */
  async function settle(way: GradeWay, settling: Landed[]): Promise<'due' | 'halt' | 'done'> {
    if (settling.length === 0) return 'done';
    const lines = settling.map(toSettled);
    const { due } = await writeDown(lines);
    const route = await applyRouteNews(deps, tenantId, connectionId, {
      version: way.version,
      troubled: settling.some(({ line }) => line.routeTroubled),
      news: lines.map(({ settlement }) => settlement.route),
    });
    if (route === 'halt') return 'halt';
    return due > 0 || route === 'recovered' ? 'due' : 'done';
  }

  /** Tries again for as long as the lines are held: afterwards nobody here knows what has arrived. */
  async function writeDown(lines: SettledLine[]): Promise<{ due: number }> {
    const giveUpAt = performance.now() + leaseMs;
    for (let wait = 100; ; wait = Math.min(2 * wait, 2_000)) {
      try {
        return await settleLines(tx, { now: new Date(clock.now()), lines });
      } catch (error) {
        log.warn('grades_not_settled', { tenantId, connectionId, count: lines.length, error });
        if (stopped || performance.now() > giveUpAt) throw error;
        await delay(wait);
      }
    }
  }

  function toSettled({ line, plan, tried }: Landed): SettledLine {
    const settlement = decideSettlement(line, plan, tried, deps.random());
    return {
      lineItemId: line.lineItemId,
      personId: line.personId,
      token: line.token,
      settlement,
      tried: { deliveryId: plan.send.deliveryId, attempts: plan.send.attempts, times: tried },
      lostTry: line.lostTry,
      outcomes: new Map(
        settlement.ended.map(({ deliveryId, state, reason }) => [deliveryId, outcomeOf(state, reason)]),
      ),
    };
  }

  return {
    done: run(),
    nudge: () => {
      nudges += 1;
      dry = false;
      bell.resolve();
    },
    stop: () => {
      stopped = true;
      bell.resolve();
    },
  };
}
