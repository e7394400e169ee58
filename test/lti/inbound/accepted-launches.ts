import { mustAcceptLaunches } from '../../../src/demo/lms/tampering.ts';

/** Who launches in the certification suite, by what they are there and their ids in the demo's world. */
export const people = [
  ['a teacher', 'ns-okafor'],
  ['a pupil', 'ns-nwosu'],
] as const;

/** The launches that a tool has to take, each by everybody. */
export function launchesOf(launchers: typeof people) {
  return Object.entries(mustAcceptLaunches).flatMap(([name, tampering]) =>
    launchers.map(([who, person]) => ({ name, who, person, tampering })),
  );
}
