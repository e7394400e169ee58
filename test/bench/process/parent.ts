import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A program that runs beside the benchmark and answers its questions. */
export interface Child {
  readonly pid: number;
  /** @throws Error with the child's own words, or when it ended */
  ask<Answer>(question: string, input?: unknown): Promise<Answer>;
}

/** The programs a benchmark has started; all of them end with it. */
export interface Children {
  start(program: URL, environment?: Record<string, string>, options?: { nodeOptions?: string[] }): Child;
  /** Asks each of them to close and, after ten seconds, ends it by its process id. */
  stop(pids: readonly number[]): Promise<void>;
  stopAll(): Promise<void>;
}

interface Reply {
  id: number;
  answer?: unknown;
  error?: string;
}

const stopMilliseconds = 10_000;

export function createChildren(): Children {
  let running: { child: Child; process: ChildProcess }[] = [];
  const stop = async (isConcerned: (pid: number) => boolean) => {
    const concerned = running.filter(({ child }) => isConcerned(child.pid));
    running = running.filter((each) => !concerned.includes(each));
    await Promise.all(concerned.map(({ child, process }) => stopOne(child, process)));
  };
  return {
    start: (program, environment = {}, options = {}) => {
      const started = fork(program, [], {
        env: { ...inherited(), ...environment },
        execArgv: options.nodeOptions ?? [],
        serialization: 'advanced',
        // Log lines are written, as in production, and thrown away.
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        // A group of its own: Ctrl-C reaches the benchmark only, which ends what it started.
        detached: true,
      });
      const child = speakWith(started);
      running.push({ child, process: started });
      return child;
    },
    stop: (pids) => stop((pid) => pids.includes(pid)),
    stopAll: () => stop(() => true),
  };
}

/** Nothing of the shell's settings may change what is measured. */
function inherited(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function speakWith(started: ChildProcess): Child {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  started.on('message', ({ id, answer, error }: Reply) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(answer);
    else asked?.reject(new Error(error));
  });
  started.on('exit', (code, signal) => {
    for (const asked of waiting.values())
      asked.reject(new Error(`A process of the benchmark ended (${code ?? signal}).`));
    waiting.clear();
  });
  return {
    pid: started.pid ?? 0,
    ask: <Answer>(question: string, input?: unknown) => {
      const asked = Promise.withResolvers<unknown>();
      if (!started.connected) return Promise.reject(new Error('A process of the benchmark has ended.'));
      lastId += 1;
      waiting.set(lastId, asked);
      started.send({ id: lastId, question, input });
      return asked.promise as Promise<Answer>;
    },
  };
}

async function stopOne(child: Child, started: ChildProcess): Promise<void> {
  if (started.exitCode !== null || started.signalCode !== null) return;
  const ended = once(started, 'exit');
  const deadline = setTimeout(() => started.kill('SIGKILL'), stopMilliseconds);
  await child.ask('close').catch(() => started.kill('SIGKILL'));
  if (started.connected) started.disconnect();
  await ended;
  clearTimeout(deadline);
}
