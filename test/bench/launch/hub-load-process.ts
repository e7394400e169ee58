import { openRotation } from '../load/connections.ts';
import { type OpenLoopTimes, runOpenLoop } from '../load/open-loop.ts';
import { tidy } from '../load/tidy.ts';
import { runTurns } from '../load/turns.ts';
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
  /** Without a break, the LMS signing in between, or in turns with the LMS, each this long and so many. */
  length: { seconds: number; leadSeconds: number } | { secondsEach: number; turns: number };
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
  const { origins, hubUrl, tenants, authorizeUrl, privateKeyPem, perSecond, length } = settings;
  const lms = { authorizeUrl, sign: createLmsSigner(privateKeyPem) };
  const { phases, sampled } = hubLaunches(hubUrl, tenants, lms);
  const rotation = openRotation(origins);
  let next = settings.from;
  try {
    const load = { perSecond, start: () => startHubLaunch(next++), phases, send: rotation.send };
    const times =
      'turns' in length ? await runTurns({ ...load, ...length }) : await runOpenLoop({ ...load, ...length });
    return { times, launches: next - settings.from, sampledTokens: sampled };
  } finally {
    rotation.close();
    tidy();
  }
}

answerParent({ run, close: () => undefined });
