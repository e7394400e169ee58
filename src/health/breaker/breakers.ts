import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import type { Log } from '../../platform/log.ts';
import type { CallEnd } from './call-end.ts';
import {
  claimTrial,
  type DownHost,
  deleteDownHost,
  listDownHosts,
  returnTrial,
  saveDownHost,
} from './host-store.ts';
import { type Breaker, closed, decideAdmission, transition, trialMs } from './transition.ts';

/** Whether a call may go. */
export type Admission = { kind: 'go'; isTrial: boolean } | { kind: 'wait'; until: number };

/** The breakers of this copy, which share what is down with the others. */
export interface Breakers {
  /** Whether a call to the host may go now. Never throws: without the database it goes by what this copy knows. */
  admit(host: string): Promise<Admission>;
  /** Says how the call ended. Never throws. */
  note(host: string, end: CallEnd, isTrial: boolean): Promise<void>;
}

export interface BreakerDeps {
  db: Pick<Database, 'withHub'>;
  clock: Clock;
  log: Log;
  /** 0 ≤ random < 1: copies do not come back together. */
  random(): number;
}

/** What others have found out is read again after so long, in milliseconds. */
const refreshMs = 5_000;
/** While another call tries the host, one waits so long, in milliseconds. */
const turnMs = 2_000;
/** Hosts of which failures are counted; the one that failed longest ago is forgotten first. */
const mostHosts = 10_000;

/** Makes the breakers of a copy. Failures are counted in memory; that a host is down stands in a table. */
export function createBreakers({ db, clock, log, random }: BreakerDeps): Breakers {
  const known = new Map<string, Breaker>();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const guarded = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => log.warn('breaker_not_shared', { error }),
    );

  async function read(): Promise<void> {
    readAt = clock.now();
    const down = await db.withHub(listDownHosts);
    for (const [host, breaker] of known) if (breaker.state !== 'closed') known.delete(host);
    for (const { host, breaker } of down) known.set(host, breaker);
  }

  /** The others' news, at most every few seconds, in one statement whoever asks. */
  function refresh(): Promise<void> | undefined {
    if (reading === undefined && clock.now() - readAt >= refreshMs) {
      reading = guarded(read()).finally(() => {
        reading = undefined;
      });
    }
    return reading;
  }

  function keep(host: string, breaker: Breaker): void {
    known.delete(host);
    if (breaker.state === 'closed' && breaker.failures === 0) return;
    known.set(host, breaker);
    const [oldest] = known.keys();
    if (known.size > mostHosts && oldest !== undefined) known.delete(oldest);
  }

  async function takeTurn(host: string, breaker: Breaker): Promise<Admission> {
    const now = clock.now();
    const until = new Date(now + trialMs);
    const isOurs = await db
      .withHub((tx) => claimTrial(tx, host, new Date(now), until))
      // Nobody can be asked whose turn it is: the calls of one copy do no harm.
      .catch(() => true);
    if (!isOurs) {
      readAt = Number.NEGATIVE_INFINITY;
      return { kind: 'wait', until: now + turnMs };
    }
    keep(host, transition(breaker, { type: 'tried', now }));
    return { kind: 'go', isTrial: true };
  }

  return {
    admit: async (host) => {
      await refresh();
      const breaker = known.get(host) ?? closed;
      switch (decideAdmission(breaker, clock.now())) {
        case 'go':
          return { kind: 'go', isTrial: false };
        case 'try':
          return takeTurn(host, breaker);
        case 'wait': {
          const until = breaker.state === 'open' ? breaker.until : clock.now() + turnMs;
          return { kind: 'wait', until };
        }
      }
    },
    note: async (host, end, isTrial) => {
      const before = known.get(host) ?? closed;
      const now = clock.now();
      if (end.kind === 'faulty' && !isTrial) return;
      if (end.kind === 'nothing') {
        if (isTrial && before.state !== 'closed') {
          known.set(host, { ...before, state: 'open', until: now });
          await guarded(db.withHub((tx) => returnTrial(tx, host, new Date(now))));
        }
        return;
      }
      const event =
        end.kind === 'failed'
          ? ({ type: 'failed', reason: end.reason, isTrial, now, random: random() } as const)
          : ({ type: 'worked' } as const);
      const after = transition(before, event);
      if (after === before) return;
      keep(host, after);
      if (after.state !== 'closed') {
        if (before.state === 'closed') log.warn('partner_host_down', { host, code: after.reason });
        const down: DownHost = { host, breaker: after };
        await guarded(db.withHub((tx) => saveDownHost(tx, down)));
      } else if (before.state !== 'closed') {
        log.info('partner_host_up', { host });
        await guarded(db.withHub((tx) => deleteDownHost(tx, host)));
      }
    },
  };
}
