import type { SuspectChange } from '../incidents/cause.ts';
import { idOf, randomOf } from './random.ts';
import type { HistoryTruth } from './truth.ts';
import type { HistoryWorld } from './world.ts';

/** Changes of settings that did no harm, for each school and year. */
const harmlessAYear = 6;

/** Every change to the connections of a history, in the order they were made: the failing release and harmless ones. */
export function makeChanges(world: HistoryWorld, truth: HistoryTruth): SuspectChange[] {
  const days = world.lastDay - world.firstDay;
  const { partner, version, previous, from, to } = truth.release;
  const changes = world.schools.flatMap((school) => {
    const random = randomOf(world.seed, 'changes', school.slug);
    const harmless = Array.from({ length: random.count((harmlessAYear * days) / 365) }, (): SuspectChange => {
      const at = (world.firstDay + random.between(0, days)) * 86_400_000 + random.between(7, 17) * 3_600_000;
      const changeId = idOf(random, at);
      const { connectionId } = random.pick(school.connections);
      return {
        changeId,
        type: 'settings',
        tenantId: school.tenantId,
        connectionId,
        group: `change:${changeId}`,
        at,
      };
    });
    const released = school.connections
      .filter((connection) => connection.partner === partner)
      .flatMap(({ connectionId }) =>
        (
          [
            [from, version],
            [to, previous],
          ] as const
        ).map(
          ([at, name]): SuspectChange => ({
            ...{ changeId: idOf(random, at), type: 'connector_version', tenantId: school.tenantId },
            ...{ connectionId, group: `connector:${partner}:${name}`, at },
          }),
        ),
      );
    return [...harmless, ...released];
  });
  return changes.sort((a, b) => a.at - b.at);
}
