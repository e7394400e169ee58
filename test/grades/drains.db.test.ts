import { expect, onTestFinished, test } from 'vitest';
import { createDrains } from '../../src/grades/drains.ts';
import { createTestDatabase } from '../support/database.ts';
import { createDeliveryWorld } from './world.ts';

const testDatabase = await createTestDatabase();

test('a connection that never runs dry makes room for others that wait', async () => {
  const busy = await createDeliveryWorld(testDatabase, 'busy');
  const other = await createDeliveryWorld(testDatabase, 'other');
  const destinations = new Map([
    [busy.school.connectionId, busy.lms],
    [other.school.connectionId, other.lms],
  ]);
  const drains = createDrains(
    {
      ...busy.services,
      clock: { now: () => Date.now() + 60_000 },
      destination: {
        open: (tenantId, connectionId) => destinations.get(connectionId)!.open(tenantId, connectionId),
      },
    },
    { mostActive: 1, turnMs: 50 },
  );
  onTestFinished(() => drains.stop(5_000));
  const start = ({ school }: typeof busy) => drains.start(school.tenantId, school.connectionId);
  let second = 1;
  // The next score is there before the one before has arrived.
  busy.lms.before = async () => {
    second += 1;
    await busy.accept(second);
    start(busy);
    return undefined;
  };
  await busy.accept(1);
  start(busy);
  await expect.poll(() => busy.lms.posts).toBeGreaterThan(2);
  await other.accept(1);
  // As the sweep does, which finds both again and again.
  const sweep = setInterval(() => [busy, other].map(start), 20);
  onTestFinished(() => clearInterval(sweep));
  await expect.poll(() => other.lms.stored.length, { timeout: 5_000 }).toBe(1);
  const sent = busy.lms.posts;
  await expect.poll(() => busy.lms.posts).toBeGreaterThan(sent);
  busy.lms.before = () => undefined;
});
