import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import { planSend, type SendPlan } from './coalesce.ts';
import { type GradeWay, type SendResult, sendDeadlineMs } from './destination.ts';
import { findScore, lineKey, listWaiting, type TakenLine, takeDueLines } from './drain-store.ts';
import { type Landed, toSettled } from './landed.ts';
import { releaseEmptyLines } from './line-store.ts';
import { createPace } from './pace.ts';
import { applyRouteNews, haltRoute } from './route-news.ts';
import { ensureRoute } from './route-store.ts';
import type { DeliveryServices } from './services.ts';
import { type SettledLine, settleLines } from './settle-store.ts';

/** Delivers what is due over one connection, until nothing is left. */
export interface Drain {
  /** Settles when nothing is due any more, or after `stop` once all that was sent is written down. */
  readonly done: Promise<void>;
  /** Something may have become due. */
  nudge(): void;
  /** Takes no more. */
  stop(): void;
}

/** Lines in the air at once over one connection: a part of the sockets the outbound guard has for a host. */
const mostInAir = 64;
/** A line is held a good deal longer than a try can take; who is gone by then has lost it. */
export const leaseMs = sendDeadlineMs + 15_000;

/** Starts a drain. Posts are made outside any transaction; a slow one holds back nobody but its own line. */
export function startDrain(deps: DeliveryServices, tenantId: TenantId, connectionId: ConnectionId): Drain {
  const { db, destination, clock, log } = deps;
  // With what other drains of this copy take and write down at the same time.
  const tx = db.tenant(tenantId, { grouped: 'doubly' });
  const landed: Landed[] = [];
  /** Lines from their sending to their settling. */
  const held = new Map<string, TakenLine>();
  let inAir = 0;
  let dry = false;
  let stopped = false;
  let nudges = 0;
  let hasRoute = false;
  let bell = Promise.withResolvers<void>();
  const stopping = Promise.withResolvers<void>();
  const pace = createPace(deps.gatherMs);

  async function run(): Promise<void> {
    for (let way = await open(); way !== undefined; ) {
      await rest();
      bell = Promise.withResolvers<void>();
      const settling = landed.splice(0);
      for (const { line } of settling) held.delete(lineKey(line.lineItemId, line.personId));
      const room = mostInAir - inAir;
      const wanted = dry || stopped || room < mostInAir / 2 ? 0 : room;
      if (settling.length === 0 && wanted === 0) {
        if (inAir === 0 && !(await lingers())) return;
        await bell.promise;
        continue;
      }
      const nudged = nudges;
      const [more, lines]: ['due' | 'halt' | 'done', [TakenLine, SendPlan][]] = await Promise.all([
        settle(way, settling),
        take(way, wanted),
      ]);
      if (wanted > 0 && nudges === nudged) dry = lines.length < wanted;
      if (more === 'due') dry = false;
      if (more === 'halt') stopped = true;
      for (const [line, plan] of lines) void send(way, line, plan);
      // Settings that have changed meanwhile count from here on.
      const next: GradeWay | undefined = stopped ? undefined : await reopen(way);
      if (next === undefined) stopped = true;
      else way = next;
    }
  }

  /** The way as it is now; where there is none, the connection is stopped. */
  async function open(): Promise<GradeWay | undefined> {
    const way = await destination.open(tenantId, connectionId);
    if (!('fault' in way)) return way;
    await ensureRoute(tx, connectionId, 1, new Date(clock.now()));
    await haltRoute(deps, tenantId, connectionId, way.fault, way.version);
    return undefined;
  }

  /** As `open`; where nobody can tell now, it goes on as it was. */
  function reopen(way: GradeWay): Promise<GradeWay | undefined> {
    return open().catch((error: unknown) => {
      log.warn('grades_not_reopened', { tenantId, connectionId, error });
      return way;
    });
  }

  /** Waits a moment for more before everything is put away. @returns whether something came */
  async function lingers(): Promise<boolean> {
    if (stopped || deps.gatherMs === 0) return false;
    const nudged = nudges;
    await Promise.race([bell.promise, delay(10 * deps.gatherMs)]);
    bell.resolve();
    return nudges !== nudged;
  }

  async function rest(): Promise<void> {
    const wait = pace.rest(!dry);
    if (wait > 0 && !stopped) await Promise.race([delay(wait), stopping.promise]);
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
    const lines = await takeNow(way, most);
    pace.noteTake(lines.length, lines.length >= most);
    if (lines.length === 0) return [];
    const waiting = await listWaiting(tx, lines);
    const plans: [TakenLine, SendPlan][] = [];
    const empty: TakenLine[] = [];
    for (const line of lines) {
      const key = lineKey(line.lineItemId, line.personId);
      const ours = held.get(key);
      const plan = planSend(waiting.get(key) ?? []);
      // The database's clock may jump, and so end the lease of a line that is in the air here: it lands under the new one.
      if (ours !== undefined) ours.token = line.token;
      else if (plan !== undefined) plans.push([line, plan]);
      else empty.push(line);
    }
    if (empty.length > 0) await release(empty);
    return plans;
  }

  async function release(empty: TakenLine[]): Promise<void> {
    const count = empty.length;
    log.error('grades_lines_empty', { tenantId, connectionId, count });
    await releaseEmptyLines(tx, empty, new Date(clock.now())).catch((error: unknown) =>
      log.warn('grades_not_settled', { tenantId, connectionId, count, error }),
    );
  }

  async function takeNow({ rate }: GradeWay, most: number): Promise<TakenLine[]> {
    // The sweep comes every second: a smaller bucket would waste what fills it meanwhile.
    const bucket = { perSecond: rate.perSecond, burst: Math.max(rate.burst, rate.perSecond) };
    const taking = () => {
      const now = new Date(clock.now());
      return takeDueLines(tx, { connectionId, token: randomUUID(), now, leaseMs, most, rate: bucket });
    };
    const lines = await taking();
    if (lines.length > 0 || hasRoute) return lines;
    hasRoute = true;
    return (await ensureRoute(tx, connectionId, bucket.burst, new Date(clock.now()))) ? taking() : [];
  }

  async function send(way: GradeWay, line: TakenLine, plan: SendPlan): Promise<void> {
    inAir += 1;
    held.set(lineKey(line.lineItemId, line.personId), line);
    const startedAt = new Date(clock.now());
    const result = await sendOne(way, line, plan).catch((error: unknown): SendResult => {
      log.error('grade_send_failed', {
        tenantId,
        connectionId,
        deliveryId: plan.send.deliveryId,
        error,
      });
      return { kind: 'temporary', reason: 'answer_invalid', maybeSent: true };
    });
    landed.push({ line, plan, tried: { result, startedAt, endedAt: new Date(clock.now()) } });
    inAir -= 1;
    bell.resolve();
  }

  async function sendOne(way: GradeWay, line: TakenLine, { send, replaces }: SendPlan): Promise<SendResult> {
    if (line.subject === undefined) return { kind: 'permanent', reason: 'person_left' };
    const { lineItemUrl, deploymentId, subject, maybeSent, lastSentAt, deliveredId } = line;
    const isOpen = maybeSent && deliveredId !== undefined;
    const last = isOpen ? await findScore(tx, deliveredId) : undefined;
    const others = [...replaces.map((each) => each.score), ...(last === undefined ? [] : [last])];
    const { score } = send;
    const triedBefore = send.attempts > 0 || line.lostTry;
    return way.send({
      lineItemUrl,
      deploymentId,
      subject,
      score,
      others,
      maybeSent,
      triedBefore,
      lastSentAt,
    });
  }

  /** @returns whether lines are due again at once, or the connection must be left alone now */
  async function settle(way: GradeWay, settling: Landed[]): Promise<'due' | 'halt' | 'done'> {
    if (settling.length === 0) return 'done';
    try {
      const lines = settling.map((each) => toSettled(each, deps.random()));
      const { due } = await writeDown(lines);
      const route = await applyRouteNews(deps, tenantId, connectionId, {
        version: way.version,
        troubled: settling.some(({ line }) => line.routeTroubled),
        news: lines.map(({ settlement }) => settlement.route),
      });
      if (route === 'halt') return 'halt';
      return due > 0 || route === 'recovered' ? 'due' : 'done';
    } catch (error) {
      // What is in the air still has to be written down all the same.
      log.warn('grades_route_not_noted', { tenantId, connectionId, error });
      return 'halt';
    }
  }

  /** Tries again for as long as the lines are held: afterwards nobody here knows what has arrived. */
  async function writeDown(lines: SettledLine[]): Promise<{ due: number }> {
    const giveUpAt = performance.now() + leaseMs;
    for (let wait = 100; ; wait = Math.min(2 * wait, 2_000)) {
      try {
        return await settleLines(tx, { now: new Date(clock.now()), lines });
      } catch (error) {
        log.warn('grades_not_settled', { tenantId, connectionId, count: lines.length, error });
        if (performance.now() > giveUpAt) throw error;
        await delay(wait, undefined, { ref: false });
      }
    }
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
      stopping.resolve();
      bell.resolve();
    },
  };
}
