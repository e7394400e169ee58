import type { Clock } from '../../platform/clock.ts';
import { DirectoryError } from './failure.ts';

export interface Failover<Server> {
  /**
   * Does the work on the first server that is well, and on the next where the fault is the server's: it takes no connection,
   * takes too long, or says that it is busy or unavailable. Any other failure is an answer and stands.
   */
  run<T>(work: (server: Server) => Promise<T>): Promise<T>;
}

export interface FailoverOptions<Server> {
  /** In the order of preference. */
  servers: readonly Server[];
  clock: Clock;
  /** Opens and closes a connection: asked beside the traffic, before a server that failed is trusted again. */
  check: (server: Server) => Promise<void>;
  onChange: (server: Server, change: { isWell: boolean; error?: DirectoryError }) => void;
}

interface Health<Server> {
  readonly server: Server;
  /** Failures in a row. */
  failures: number;
  /** Not used before, unless all rest. */
  restsUntil: number;
  isChecked: boolean;
}

const shortestRestMs = 5000;
const longestRestMs = 60_000;

/** Remembers which servers of a directory failed lately. */
export function createFailover<Server>(options: FailoverOptions<Server>): Failover<Server> {
  const { clock, check, onChange } = options;
  const all = options.servers.map(
    (server): Health<Server> => ({ server, failures: 0, restsUntil: 0, isChecked: false }),
  );

  function noteWell(health: Health<Server>): void {
    if (health.failures === 0) return;
    health.failures = 0;
    onChange(health.server, { isWell: true });
  }

  function noteFailure(health: Health<Server>, error: DirectoryError): void {
    const wasWell = health.failures === 0;
    // What failed together counts once: two hundred waited for the same dead server.
    if (wasWell || health.restsUntil <= clock.now()) health.failures += 1;
    const rest = Math.min(longestRestMs, shortestRestMs * 2 ** (health.failures - 1));
    health.restsUntil = clock.now() + rest;
    if (wasWell) onChange(health.server, { isWell: false, error });
  }

  function checkRested(): void {
    for (const health of all) {
      if (health.failures === 0 || health.isChecked || health.restsUntil > clock.now()) continue;
      health.isChecked = true;
      check(health.server)
        .then(
          () => noteWell(health),
          (error: unknown) => {
            if (error instanceof DirectoryError) noteFailure(health, error);
          },
        )
        .finally(() => {
          health.isChecked = false;
        });
    }
  }

  return {
    run: async (work) => {
      checkRested();
      const isWell = ({ failures }: Health<Server>) => failures === 0;
      // Those that rest come last: better than nothing when all do.
      const order = [...all.filter(isWell), ...all.filter((health) => !isWell(health))];
      let first: DirectoryError | undefined;
      for (const health of order) {
        try {
          const result = await work(health.server);
          noteWell(health);
          return result;
        } catch (error) {
          if (!(error instanceof DirectoryError && error.isServersFault)) throw error;
          noteFailure(health, error);
          first ??= error;
        }
      }
      throw first ?? new DirectoryError('directory_unreachable');
    },
  };
}
