import { expect, test } from 'vitest';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import { makeDay } from '../../../src/health/history/traffic.ts';
import { plantTruth } from '../../../src/health/history/truth.ts';
import { makeWorld } from '../../../src/health/history/world.ts';
import { evaluateHealth } from '../../../src/health/incidents/evaluate.ts';
import { readIncidents } from '../../../src/health/incidents/incidents.ts';
import { insertExchanges } from '../../../src/health/recording/exchange-store.ts';
import { rollUp } from '../../../src/health/rollups/roll-up.ts';
import { openLog } from '../../../src/platform/log.ts';
import { createTestDatabase } from '../../support/database.ts';

const { database } = await createTestDatabase();
const minute = 60_000;

test('an outage that is recorded, counted and evaluated becomes one incident of its partner', async () => {
  const world = makeWorld({ seed: 'gatehouse', end: '2026-11-21' });
  const truth = plantTruth(world);
  const { partner, from } = truth.outage;
  const clock = { time: from - 30 * minute, now: () => clock.time };
  const day = Math.floor(from / 86_400_000);
  const events = world.schools
    .filter(({ connections }) => connections.some((each) => each.partner === partner))
    .flatMap((school) => [day - 1, day].flatMap((each) => makeDay(world, truth, school, each)))
    .filter((event) => event.partner === partner);
  let before = 0;
  const pass = async () => {
    const due = events.filter(({ endedAt }) => +endedAt > before && +endedAt <= clock.time);
    for (let at = 0; at < due.length; at += 500) {
      await database.withRollup((tx) => insertExchanges(tx, due.slice(at, at + 500)));
    }
    before = clock.time;
    await rollUp({ database, clock });
    await evaluateHealth({ db: database, clock, log: openLog({ level: 'silent' }) });
  };
  await pass();
  const incidents = () => readIncidents(database, HUB_TENANT, { since: new Date(0), limit: 10 });
  expect(await incidents()).toEqual([]);
  for (; clock.time < from + 45 * minute; clock.time += 5 * minute) await pass();
  expect(await incidents()).toMatchObject([{ cause: 'partner', partner, severity: 'page', state: 'open' }]);
  const [incident] = await incidents();
  expect(incident!.openedAt.getTime() - from).toBeLessThanOrEqual(40 * minute);
  expect(Math.abs(incident!.firstFailedAt.getTime() - from)).toBeLessThanOrEqual(10 * minute);
});
