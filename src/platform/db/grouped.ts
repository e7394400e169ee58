import type { TenantId } from '../../../contracts/ids.ts';
import { isAnswer, type StatementResult } from '../sql/round-trip.ts';
import { type PreparedText, type Sql, sql } from '../sql/sql.ts';
import type { Run } from './handles.ts';
import type { Pool } from './pool.ts';
import { scopeTo } from './transaction.ts';

interface Waiting {
  tenantId: TenantId;
  statement: Sql | PreparedText;
  resolve(result: StatementResult): void;
  reject(error: unknown): void;
}

export interface GroupLimits {
  /** Most statements of one round trip. */
  most: number;
  /** Round trips under way at once, as long as none of them takes longer than it should. */
  inAir: number;
}

/** A trip that takes longer, since the disk or the network stands still, holds up no others: they may go beside it. */
const overdueMs = 25;

/**
 * How long statements that travel together wait for a lock. Each holds its own until all are done, and they lock in the
 * order in which they came: two groups can wait for each other, and all of both would until the server looks for a
 * deadlock, a second later.
 */
const patience = sql`, set_config('lock_timeout', '20ms', true)`;

/**
 * Lets statements that come at the same time share a round trip and a commit, each in the scope of its own tenant: while
 * the trips under way are as many as allowed, further statements gather for the next one. Alone, a statement goes at once.
 *
 * For short statements. When one fails or meets a lock that stays, nothing of its trip has happened, and each is run again
 * by itself, so that none waits for another's lock.
 *
 * @param deferred the commits do not wait for the disk
 */
export function groupTrips(pool: Pool, deferred: boolean, limits: GroupLimits): (tenantId: TenantId) => Run {
  const queue: Waiting[] = [];
  let inAir = 0;
  let planned = false;

  function plan(): void {
    if (planned || queue.length === 0 || inAir >= limits.inAir) return;
    planned = true;
    // After the requests that have come in with this one.
    setImmediate(() => {
      planned = false;
      while (queue.length > 0 && inAir < limits.inAir) {
        const share = Math.ceil(queue.length / (limits.inAir - inAir));
        void travel(queue.splice(0, Math.min(share, limits.most)));
      }
    });
  }

  async function travel(group: Waiting[]): Promise<void> {
    inAir += 1;
    let counts = true;
    const landed = () => {
      if (!counts) return;
      counts = false;
      inAir -= 1;
      plan();
    };
    const overdue = setTimeout(landed, overdueMs);
    try {
      const results = await send(group);
      group.forEach((each, index) => {
        each.resolve(results[index] as StatementResult);
      });
    } catch (error) {
      if (group.length > 1 && isAnswer(error)) runAlone(group);
      else for (const { reject } of group) reject(error);
    } finally {
      clearTimeout(overdue);
      landed();
    }
  }

  function runAlone(group: Waiting[]): void {
    for (const each of group) {
      send([each]).then(([result]) => each.resolve(result as StatementResult), each.reject);
    }
  }

  /** @returns the results of the group's own statements */
  function send(group: Waiting[]): Promise<StatementResult[]> {
    group.sort((a, b) => (a.tenantId < b.tenantId ? -1 : a.tenantId > b.tenantId ? 1 : 0));
    const statements: (Sql | PreparedText)[] = [];
    const own: number[] = [];
    group.forEach(({ tenantId, statement }, index) => {
      if (tenantId !== group[index - 1]?.tenantId) {
        statements.push(scopeTo(tenantId, deferred, index === 0 && group.length > 1 ? patience : undefined));
      }
      own.push(statements.push(statement) - 1);
    });
    return pool.borrow(async (connection) => {
      const results = await connection.send(statements);
      return own.map((index) => results[index] as StatementResult);
    });
  }

  return (tenantId) => (statement) =>
    new Promise((resolve, reject) => {
      queue.push({ tenantId, statement, resolve, reject });
      plan();
    });
}
