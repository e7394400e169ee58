import { randomBytes } from 'node:crypto';
import { openLanes } from '../load/connections.ts';
import { runPhases } from '../load/flow.ts';
import type { Children } from '../process/parent.ts';
import { ltijsLaunches, startLtijsLaunch } from './ltijs-launches.ts';
import type { LtijsSettings } from './ltijs-process.ts';
import { lanesPerProcess, processCount, roundOf, type Side } from './side.ts';
import type { BenchWorld } from './world.ts';

/** ltijs on the same PostgreSQL, with as many connections as a hub process has. */
export async function startLtijsSide(
  world: BenchWorld,
  children: Children,
  signal: AbortSignal,
): Promise<Side> {
  const settings = {
    databaseUrl: world.ltijsUrl,
    connections: world.hub.config.databaseConnections,
    encryptionKey: randomBytes(32).toString('hex'),
    jwksUrl: world.lms.jwksUrl,
    authorizeUrl: world.lms.authorizeUrl,
    // All tokens of a round are signed before the first is posted; the default of 10 s would end the last ones.
    tokenMaxAge: 120,
  };
  const pids: number[] = [];
  const origins: string[] = [];
  for (let index = 0; index < processCount; index++) {
    const child = children.start(new URL('./ltijs-process.ts', import.meta.url), { NODE_ENV: 'production' });
    const input: LtijsSettings = { ...settings, registers: index === 0 };
    const { port } = await child.ask<{ port: number }>('open', input);
    pids.push(child.pid);
    origins.push(`http://127.0.0.1:${port}`);
  }
  const { lanes, close } = openLanes(origins, lanesPerProcess);
  const phases = ltijsLaunches(world.lms);
  let next = 0;
  return {
    name: 'ltijs',
    pids,
    run: async (count) => {
      const launches = Array.from({ length: count }, () => startLtijsLaunch(next++));
      return roundOf(count, await runPhases(launches, phases, lanes, signal));
    },
    close,
  };
}
