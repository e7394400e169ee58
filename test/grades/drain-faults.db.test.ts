import { beforeEach, expect, test } from 'vitest';
import { startDrain } from '../../src/grades/drain.ts';
import type { DeliveryServices } from '../../src/grades/services.ts';
import type { Sql } from '../../src/platform/sql/sql.ts';
import { createTestDatabase } from '../support/database.ts';
import { createDeliveryWorld, type DeliveryWorld, outage } from './world.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
let number = 0;
let world: DeliveryWorld;

beforeEach(async () => {
  world = await createDeliveryWorld(testDatabase, `school-${++number}`);
});

/** The database, but for the next statement that has this text: its connection is lost. */
function losing(text: string): DeliveryServices['db'] {
  let lost = false;
  const fail = (statement: Sql) => {
    if (lost || !statement.strings.join('').includes(text)) return;
    lost = true;
    throw new Error('Connection terminated unexpectedly');
  };
  return {
    ...database,
    tenant: (tenantId, options) => {
      const tx = database.tenant(tenantId, options);
      return {
        ...tx,
        maybeOne: async (statement, row) => {
          fail(statement);
          return tx.maybeOne(statement, row);
        },
      };
    },
  };
}

/** The first post fails at once; the others get through while its end is written down. */
async function sendThree(services: Partial<DeliveryServices>): Promise<void> {
  for (const person of [0, 1, 2]) await world.accept(1, { person });
  const later = Promise.withResolvers<undefined>();
  world.lms.before = () => (world.lms.posts === 1 ? outage : later.promise);
  const { done } = startDrain(
    { ...world.services, ...services },
    world.school.tenantId,
    world.school.connectionId,
  );
  await expect.poll(() => world.states()).toHaveLength(3);
  await expect.poll(async () => (await world.lines()).filter((line) => line.tries === 1)).toHaveLength(1);
  later.resolve(undefined);
  await done;
}

test('a connection whose failures cannot be noted loses no result of what is in the air', async () => {
  await sendThree({ db: losing('set failures') });
  expect((await world.states()).sort()).toEqual(['delivered', 'delivered', 'pending']);
});

test('settings that cannot be read for a moment lose no result of what is in the air', async () => {
  const { open } = world.lms;
  let opened = 0;
  const destination: DeliveryServices['destination'] = {
    open: async (...connection) => {
      opened += 1;
      if (opened > 1) throw new Error('Connection terminated unexpectedly');
      return open(...connection);
    },
  };
  await sendThree({ destination });
  expect((await world.states()).sort()).toEqual(['delivered', 'delivered', 'pending']);
  expect(opened).toBeGreaterThan(1);
});
