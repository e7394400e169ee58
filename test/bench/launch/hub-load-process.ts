import { openRotation } from '../load/connections.ts';
import { type OpenLoopTimes, runOpenLoop } from '../load/open-loop.ts';
import { answerParent } from '../process/child.ts';
import type { BenchTenant } from '../world/tenants.ts';
import { hubLaunches, startHubLaunch } from './hub-launches.ts';
import { createLmsSigner } from './lms-signer.ts';

export interface HubLoadSettings {
  origins: string[];
  hubUrl: string;
  authorizeUrl: string;
  privateKeyPem: string;
  tenants: BenchTenant[];
  perSecond: number;
  seconds: number;
  leadSeconds: number;
  /** Number of the first launch: each has one of its own. */
  from: number;
}

export interface HubLoad {
  times: OpenLoopTimes;
  /** Launches taken through, those before the count began included. */
  launches: number;
  sampledTokens: string[];
}

/** A process with nothing else to do or to remember, so that it is never late itself. */
async function run(settings: HubLoadSettings): Promise<HubLoad> {
  const { origins, hubUrl, tenants, authorizeUrl, privateKeyPem } = settings;
  const lms = { authorizeUrl, sign: createLmsSigner(privateKeyPem) };
  const { phases, sampled } = hubLaunches(hubUrl, tenants, lms);
  const rotation = openRotation(origins);
  let next = settings.from;
  try {
    const times = await runOpenLoop({
      ...settings,
      start: () => startHubLaunch(next++),
      phases,
      send: rotation.send,
    });
    return { times, launches: next - settings.from, sampledTokens: sampled };
  } finally {
    rotation.close();
  }
}

answerParent({ run, close: () => undefined });
