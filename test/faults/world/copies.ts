import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A copy of the hub to keep running. */
export interface CopyPlan {
  name: string;
  duty: 'serve' | 'work';
  /** The program itself, or the one whose clock the tests set. */
  program: 'main' | 'clock';
  environment: Record<string, string>;
}

/** A copy that is started again whenever it ends, as any supervisor does. */
export interface Copy {
  readonly name: string;
  readonly duty: 'serve' | 'work';
  readonly pid: number | undefined;
  /** kill −9, and a fresh start. Resolves when the old process is gone. */
  kill(): Promise<void>;
  /** Sets the clock, at once and after every restart. For `clock` copies. */
  shift(ms: number): void;
  /** Asks it to stop and starts it no more. @returns the exit code; null after a signal */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Ends that nobody asked for, of processes that had started: one that finds no database at its start may give up. */
  readonly ownEnds: readonly string[];
}

const programs = {
  main: fileURLToPath(new URL('../../../src/main.ts', import.meta.url)),
  clock: fileURLToPath(new URL('../hub-process.ts', import.meta.url)),
};
const endWithParent = new URL('../end-with-parent.ts', import.meta.url).href;

/** @param folder for its log lines, kept over restarts */
export function startCopy(plan: CopyPlan, folder: string): Copy {
  const { name, duty, program } = plan;
  const ownEnds: string[] = [];
  const file = path.join(folder, `${name}.log`);
  const log = openSync(file, 'a');
  let stopped = false;
  let killing = false;
  let offsetMs = 0;
  let child: ChildProcess;

  const start = () => {
    const started = fork(programs[program], program === 'main' ? [duty] : [duty, String(offsetMs)], {
      env: plan.environment,
      execArgv: ['--import', endWithParent],
      serialization: 'advanced',
      stdio: ['ignore', log, log, 'ipc'],
      // A group of its own: Ctrl-C reaches the tests only, which end what they started.
      detached: true,
    });
    const logStart = statSync(file).size;
    child = started;
    started.once('exit', (code, signal) => {
      if (stopped) return;
      const own = readFileSync(file).subarray(logStart).toString();
      if (!killing && own.includes('"event":"started"'))
        ownEnds.push(`${name} ended by itself: ${code ?? signal}`);
      killing = false;
      start();
    });
  };
  start();

  return {
    name,
    duty,
    get pid() {
      return child.pid;
    },
    ownEnds,
    kill: async () => {
      if (stopped || killing) return;
      killing = true;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    shift: (ms) => {
      offsetMs = ms;
      tell(child, ms);
    },
    stop: async (signal = 'SIGTERM') => {
      stopped = true;
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      const [code] = await ended;
      return code as number | null;
    },
  };
}

/** A message in the form `answerParent` reads; it is kept until the process listens. */
function tell(child: ChildProcess, ms: number): void {
  if (child.connected) child.send({ id: 0, question: 'shift', input: ms }, () => undefined);
}
