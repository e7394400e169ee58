import type { Child, Children } from '../process/parent.ts';
import type { LoadSettings } from './load-process.ts';

/** As many scores as go in some time, each lane waiting for its answers. */
export interface ClosedLoop {
  origins: string[];
  lanesPerOrigin: number;
  /** Numbers of the schools whose scores are sent, in turn. */
  schools: number[];
  seconds: number;
  /** The most scores that are sent, repetitions not counted. */
  most: number;
  /** One score in this many is followed by a newer one of the same line; Infinity for none. */
  repeatEvery: number;
}

export interface LoadRun {
  accepted: number;
  seconds: number;
  /** CPU seconds of the load's process meanwhile. */
  generatorSeconds: number;
}

/** Scores at a constant rate, whatever the answers do. */
export interface RatedLoad {
  origins: string[];
  schools: number[];
  perSecond: number;
  seconds: number;
  /** How long the load runs before it counts, in seconds. */
  leadSeconds: number;
}

export interface OpenLoopRun {
  /** Scores accepted, those before the count began included. */
  accepted: number;
  /** When each counted score was to be sent, by its number: milliseconds of the shared clock. */
  due: Map<number, number>;
  /** Milliseconds of each counted request. */
  requests: number[];
}

/** How far the load has come: the number of its last score, and how many turns each school has had. */
export interface LoadProgress {
  lastNumber: number;
  turns: number[];
}

/** The tool that sends scores: a process with nothing else to do, which remembers what was accepted. */
export interface Load {
  pid: number;
  runClosedLoop(loop: ClosedLoop): Promise<LoadRun>;
  runAtRate(load: RatedLoad): Promise<OpenLoopRun>;
  progress(): Promise<LoadProgress>;
  /** Takes note of scores that somebody else has handed in: line and number of each, by turns. */
  adopt(progress: LoadProgress & { accepted: Int32Array[] }): Promise<void>;
  /** Number of the last accepted score of each line, 0 for none and for those of other schools. */
  finals(schools: readonly number[]): Promise<Int32Array>;
}

export async function startLoad(children: Children, settings: LoadSettings): Promise<Load> {
  const child: Child = children.start(new URL('./load-process.ts', import.meta.url), {
    NODE_ENV: 'production',
  });
  await child.ask('open', settings);
  return {
    pid: child.pid,
    runClosedLoop: (loop) => child.ask('runClosedLoop', loop),
    runAtRate: (load) => child.ask('runAtRate', load),
    progress: () => child.ask('progress'),
    adopt: (progress) => child.ask('adopt', progress),
    finals: (schools) => child.ask('finals', schools),
  };
}
