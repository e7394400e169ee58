import type { Child, Children } from '../process/parent.ts';

/** As `npm start` and the container start it. */
export const hubNodeOptions = ['--max-semi-space-size=64', '--no-memory-reducer'];

/** Processes that are copies of the hub while they are open. */
export interface HubCopies {
  processes: readonly Child[];
  pids: readonly number[];
  /** Opens a copy in every process. @returns the origins they listen at */
  open(options: { work: boolean }): Promise<string[]>;
  shut(): Promise<void>;
}

/** Starts the processes of the copies; none is open yet. */
export function startHubCopies(
  children: Children,
  environment: Record<string, string>,
  count: number,
): HubCopies {
  const processes = Array.from({ length: count }, () =>
    children.start(new URL('./hub-process.ts', import.meta.url), environment, {
      nodeOptions: hubNodeOptions,
    }),
  );
  return {
    processes,
    pids: processes.map(({ pid }) => pid),
    open: (options) =>
      Promise.all(
        processes.map(async (child) => {
          const { port } = await child.ask<{ port: number }>('open', options);
          return `http://127.0.0.1:${port}`;
        }),
      ),
    shut: async () => {
      await Promise.all(processes.map((child) => child.ask('shut')));
    },
  };
}
