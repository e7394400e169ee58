import type { DeliveryId } from '../../contracts/ids.ts';
import { acceptScore, type HandedInScore } from '../../src/grades/accept.ts';
import type { SendResult } from '../../src/grades/destination.ts';
import { startDrain } from '../../src/grades/drain.ts';
import type { DeliveryServices } from '../../src/grades/services.ts';
import { openLog } from '../../src/platform/log.ts';
import type { TestDatabase } from '../support/database.ts';
import { createGradeSchool, scoreOf } from '../support/grades.ts';
import { createFakeLms } from './fake-lms.ts';

export const refusal: SendResult = { kind: 'permanent', httpStatus: 404, reason: 'person_unknown' };
export const outage: SendResult = {
  kind: 'temporary',
  httpStatus: 503,
  reason: 'server_error',
  maybeSent: false,
};

/** A school whose scores go to a simulated gradebook, under a clock of the test's own. */
export async function createDeliveryWorld(
  testDatabase: TestDatabase,
  slug: string,
  options: { people?: number; items?: number } = {},
) {
  const { database, superuser } = testDatabase;
  const school = await createGradeSchool(testDatabase, { slug, ...options });
  const lms = createFakeLms();
  const began = Date.now();
  let now = began;
  const services: DeliveryServices = {
    db: database,
    destination: lms,
    clock: { now: () => now },
    log: openLog({ level: 'silent' }),
    gatherMs: 0,
    random: () => 0.5,
  };
  return {
    school,
    lms,
    services,
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
    by: () => ({ actor: 'operator:test', now }),
    /** Hands a score in, of that second after the world began. @returns its delivery */
    accept: async (second: number, given: Parameters<typeof scoreOf>[2] = {}): Promise<DeliveryId> => {
      const timestamp = new Date(began + second * 1_000).toISOString();
      const handedIn: HandedInScore = scoreOf(school, second, { timestamp, ...given });
      const accepted = await acceptScore(database, { ...handedIn, now });
      if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
      return accepted.deliveryId;
    },
    /** Sends what is due. */
    drain: () => startDrain(services, school.tenantId, school.connectionId).done,
    /** The lines of the school as they stand in the database. */
    lines: async () =>
      (
        await superuser.query(
          'select * from grade_line where tenant_id = $1 order by line_item_id, person_id',
          [school.tenantId],
        )
      ).rows,
    /** State, reason and tries of each delivery by the score's own time. */
    states: async (): Promise<string[]> =>
      (
        await superuser.query<{ state: string }>(
          'select state from grade_delivery where tenant_id = $1 order by score_timestamp, delivery_id',
          [school.tenantId],
        )
      ).rows.map(({ state }) => state),
  };
}

export type DeliveryWorld = Awaited<ReturnType<typeof createDeliveryWorld>>;
