import { type Acceptance, acceptScore, type HandedInScore } from '../../src/grades/accept.ts';
import { type Drain, startDrain } from '../../src/grades/drain.ts';
import type { TestDatabase } from '../support/database.ts';
import type { GradeSchool } from '../support/grades.ts';
import type { FakeLms } from './fake-lms.ts';
import { createDeliveryWorld } from './world.ts';

/** A school whose LMS and clock a test holds in its hands. */
export interface DeliveryWorld {
  school: GradeSchool;
  lms: FakeLms;
  now(): number;
  /** Lets time go by. */
  pass(ms: number): void;
  accept(handedIn: HandedInScore): Promise<Acceptance>;
  startDrain(): Drain;
  /** Delivers what is due now. */
  drain(): Promise<void>;
  /** By timestamp; `tries` are the outcomes of its attempts. */
  deliveries(): Promise<{ state: string; reason: string | null; outcome: string; tries: string | null }[]>;
  /** The row of the first line, and of the connection. */
  line(): Promise<Record<string, unknown> & { due_at: Date }>;
  route(): Promise<Record<string, unknown>>;
}

let number = 0;

export async function openDeliveryWorld(
  test: TestDatabase,
  size: { people: number; items: number } = { people: 5, items: 4 },
): Promise<DeliveryWorld> {
  const { database, superuser } = test;
  number += 1;
  const { school, lms, services, now, pass, drain } = await createDeliveryWorld(
    test,
    `school-${number}`,
    size,
  );
  const first = async (table: string) => {
    const { rows } = await superuser.query(`select * from ${table} where tenant_id = $1`, [school.tenantId]);
    return rows[0];
  };
  return {
    school,
    lms,
    now,
    pass,
    accept: (handedIn) => acceptScore(database, { ...handedIn, now: now() }),
    startDrain: () => startDrain(services, school.tenantId, school.connectionId),
    drain,
    deliveries: async () => {
      const { rows } = await superuser.query(
        `select d.state, d.reason, d.outcome, (select string_agg(a.outcome, ',' order by a.attempt) from grade_attempt a
           where a.tenant_id = d.tenant_id and a.delivery_id = d.delivery_id) as tries
         from grade_delivery d where tenant_id = $1 order by score_timestamp, delivery_id`,
        [school.tenantId],
      );
      return rows;
    },
    line: () => first('grade_line'),
    route: () => first('grade_route'),
  };
}
