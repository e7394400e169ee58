import { beforeEach, expect, test } from 'vitest';
import type { GradeDestination, ReadResult } from '../../src/grades/destination.ts';
import {
  dueForComparison,
  listComparableConnections,
  listDrift,
  reconcileConnection,
} from '../../src/grades/reconcile.ts';
import { DomainError } from '../../src/platform/errors.ts';
import { openLog } from '../../src/platform/log.ts';
import { createTestDatabase } from '../support/database.ts';
import { createDeliveryWorld, type DeliveryWorld } from './world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const day = 86_400_000;
let number = 0;
let world: DeliveryWorld;
let reads: string[];
let logged: string;

beforeEach(async () => {
  world = await createDeliveryWorld(testDatabase, `school-${++number}`);
  reads = [];
  logged = '';
});

type Read = (lineItemUrl: string) => ReadResult[] | Promise<ReadResult[]>;

/** The destination's own results are what `read` says. */
function destination(read: Read): GradeDestination {
  return {
    open: async (...args) => {
      const way = await world.lms.open(...args);
      if ('fault' in way) return way;
      return {
        ...way,
        readResults: async ({ lineItemUrl }) => {
          reads.push(lineItemUrl);
          return read(lineItemUrl);
        },
      };
    },
  };
}

function reconcile(read: Read, signal?: AbortSignal, of = world) {
  const log = openLog({
    level: 'info',
    destination: {
      write: (line: string) => {
        logged += line;
      },
    },
  });
  const services = { db: database, destination: destination(read), clock: { now: world.now }, log };
  return reconcileConnection(services, of.school.tenantId, of.school.connectionId, signal);
}

const result = (person: number, resultScore?: number, resultMaximum = 100): ReadResult => ({
  subject: `lms-${person}`,
  resultScore,
  resultMaximum,
});
const drifted = (of = world) =>
  database.withTenant(of.school.tenantId, (tx) => listDrift(tx, { limit: 100 }));
const comparable = (of = world) =>
  database.withTenant(of.school.tenantId, (tx) =>
    listComparableConnections(tx, dueForComparison(world.now())),
  );

test('the last delivered score of each person is compared with the result read back', async () => {
  await world.accept(50);
  await world.accept(70, { person: 1 });
  await world.accept(80, { person: 2 });
  await world.drain();
  const found = await reconcile(() => [result(0, 5, 10), result(1, 60)]);
  expect(found).toEqual({ compared: 3, differs: 1, missing: 1, unreadable: 0 });
  const [, second, third] = world.school.people;
  expect(new Map((await drifted()).map(({ personId, drift }) => [personId, drift]))).toEqual(
    new Map([
      [second!.personId, 'differs'],
      [third!.personId, 'missing'],
    ]),
  );
  expect(logged).toContain('"grades_differ"');
  for (const { subject, sub } of world.school.people) {
    expect(logged).not.toContain(subject);
    expect(logged).not.toContain(sub);
  }
});

test('the newest of several delivered scores is what counts', async () => {
  await world.accept(50);
  await world.drain();
  await world.accept(60);
  await world.drain();
  expect(await reconcile(() => [result(0, 60)])).toMatchObject({ compared: 1, differs: 0 });
});

test('what was compared is compared again a day later, and what is mended is noted', async () => {
  await world.accept(50);
  await world.drain();
  expect(await reconcile(() => [])).toMatchObject({ missing: 1 });
  world.pass(day - 60_000);
  expect(await comparable()).toEqual([]);
  expect(await reconcile(() => [])).toMatchObject({ compared: 0 });
  world.pass(120_000);
  expect(await comparable()).toEqual([world.school.connectionId]);
  expect(await reconcile(() => [result(0, 50)])).toMatchObject({ compared: 1, missing: 0 });
  expect(await drifted()).toEqual([]);
  expect(reads).toHaveLength(2);
});

test('a person whose score waits is not compared, nor one whose score arrives meanwhile', async () => {
  await world.accept(50);
  await world.drain();
  const found = await reconcile(async () => {
    await world.accept(60);
    await world.drain();
    return [result(0, 60)];
  });
  expect(found).toMatchObject({ compared: 0, differs: 0 });
  await world.accept(70);
  expect(await reconcile(() => [result(0, 60)])).toMatchObject({ compared: 0 });
  expect(reads).toHaveLength(1);
});

test('an old score, a deleted line item and a score nobody took are not read back', async () => {
  await world.accept(50);
  await world.accept(50, { item: 1 });
  await world.drain();
  await superuser.query(
    `update line_item set status = 'deleted' where tenant_id = $1 and lms_url like '%/1'`,
    [world.school.tenantId],
  );
  await superuser.query(`update grade_line set sent_at = now() - interval '181 days' where tenant_id = $1`, [
    world.school.tenantId,
  ]);
  await reconcile(() => []);
  expect(reads).toEqual([]);
});

test('a score that is no longer kept cannot be compared, and says nothing', async () => {
  await world.accept(50);
  await world.drain();
  await superuser.query('update grade_delivery set score = null where tenant_id = $1', [
    world.school.tenantId,
  ]);
  expect(await reconcile(() => [])).toMatchObject({ compared: 0, missing: 0 });
});

test('a line item that cannot be read holds up no other', async () => {
  await world.accept(50);
  await world.accept(50, { item: 1 });
  await world.drain();
  const found = await reconcile((url) => {
    if (url.endsWith('/0')) throw new DomainError('upstream', 'lms_unavailable', 'Down.');
    return [result(0, 50)];
  });
  expect(found).toEqual({ compared: 1, differs: 0, missing: 0, unreadable: 1 });
  expect(logged).toContain('"results_unreadable"');
});

test('a destination that cannot be read five times in a row is left alone', async () => {
  world = await createDeliveryWorld(testDatabase, `big-${number}`, { items: 8 });
  for (let item = 0; item < 8; item++) await world.accept(50, { item });
  await world.drain();
  const found = await reconcile(() => {
    throw new DomainError('upstream', 'lms_unavailable', 'Down.');
  });
  expect(found.unreadable).toBe(5);
  expect(reads).toHaveLength(5);
});

test('a fault of the program is not taken for one of the destination', async () => {
  await world.accept(50);
  await world.drain();
  await expect(
    reconcile(() => {
      throw new TypeError('oops');
    }),
  ).rejects.toThrow(TypeError);
});

test('a connection that cannot be used says why, and the signal ends the work', async () => {
  await world.accept(50);
  await world.drain();
  expect(await reconcile(() => [], AbortSignal.abort())).toMatchObject({ compared: 0 });
  world.lms.fault = { fault: 'connection_disabled', version: 1 };
  expect(await reconcile(() => [])).toMatchObject({ fault: 'connection_disabled', compared: 0 });
  expect(reads).toEqual([]);
});

test('a tenant’s lines are compared and told for it alone', async () => {
  const other = await createDeliveryWorld(testDatabase, `other-${number}`);
  await world.accept(50);
  await world.drain();
  expect(await comparable(other)).toEqual([]);
  await reconcile(() => [], undefined, other);
  expect(reads).toEqual([]);
  await reconcile(() => []);
  expect(await drifted()).toHaveLength(1);
  expect(await drifted(other)).toEqual([]);
});
