import type { Child, Children } from '../process/parent.ts';
import type { LimitSettings } from './limit-process.ts';
import { claimsOf, tenantCount, visitOf } from './population.ts';
import { lanesPerProcess, processCount, roundOf, type Side } from './side.ts';
import type { BenchWorld } from './world.ts';

/** The statements of one launch, as the limit and the hub send them: one network round trip each. */
export const limitWork =
  'RS256 verify and sign (node:crypto), and three transactions of one call each: store the login; ' +
  'use it up, meet person, context and link, store launch and hint; use the hint up and open the launch';

export interface LimitSide extends Side {
  finished(): number;
}

/** The bare loop in as many processes, on the tenants and people the hub has met. */
export async function startLimitSide(world: BenchWorld, children: Children): Promise<LimitSide> {
  const settings: LimitSettings = {
    databaseUrl: world.databaseUrl,
    connections: world.hub.config.databaseConnections,
    statementTimeoutMs: world.hub.config.statementTimeoutMs,
    tenants: world.tenants,
    hubUrl: world.hub.hubUrl,
    token: await world.lms.sign(claimsOf(visitOf(0), world.hub.hubUrl, 'nonce')),
    publicKeyPem: world.lms.publicKeyPem,
    loops: lanesPerProcess,
  };
  const processes: Child[] = [];
  for (let index = 0; index < processCount; index++) {
    const child = children.start(new URL('./limit-process.ts', import.meta.url), { NODE_ENV: 'production' });
    await child.ask('open', settings);
    processes.push(child);
  }
  // Numbers of its own, so that its first launches are not the hub's; the people before them are.
  let next = 1_000_000 * tenantCount;
  let finished = 0;
  return {
    name: 'limit',
    pids: processes.map(({ pid }) => pid),
    run: async (count) => {
      const share = Math.ceil(count / processCount);
      const start = performance.now();
      await Promise.all(
        processes.map((child, index) => child.ask('run', { from: next + index * share, count: share })),
      );
      const seconds = (performance.now() - start) / 1000;
      next += share * processCount;
      finished += share * processCount;
      return roundOf(share * processCount, [{ name: 'all', seconds, generatorSeconds: 0 }]);
    },
    finished: () => finished,
    close: async () => undefined,
  };
}
