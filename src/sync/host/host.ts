import path from 'node:path';
import type { Connector, ConnectorContext } from '../../../contracts/connector.ts';
import type { Breakers } from '../../health/breaker/breakers.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Lookup } from '../../platform/outbound/connector.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import { createConnectorFetch, type FetchOptions, type HostAttempt } from './connector-fetch.ts';
import { createConnectorLog } from './connector-log.ts';
import { createFileSource, type UploadReader } from './files/file-source.ts';
import { type FileLimits, fileLimits } from './files/limits.ts';
import { createLimiter, type Limiter, type Wait, waitFor } from './limiter.ts';

/** Gives connectors the outside world: guarded, slowed, repeated and recorded. */
export interface ConnectorHost {
  /** What one run or check of a connection works with; to be closed at its end, whatever that is. */
  open(input: OpenInput): OpenedConnector;
}

export interface OpenInput {
  tenantId: string;
  connectionId: string;
  connector: Connector;
  /** Whole, with its secrets opened. */
  settings: object;
  upload: UploadReader | undefined;
  /** Packages are only looked into, and not fetched whole where that can be helped. Default false. */
  isProbe?: boolean | undefined;
  signal: AbortSignal;
}

export type OpenedConnector = ConnectorContext<object> & { close(): Promise<void> };

export interface HostOptions {
  outbound: OutboundFetch;
  clock: Clock;
  log: Log;
  /** The operator's folder for packages, with a folder for each institution, named by its id; undefined: none. */
  dropFolder: string | undefined;
  /** Is told of every try of a call. */
  onAttempt?: ((attempt: HostAttempt) => void) | undefined;
  /** Lets SFTP reach this machine: for demo and tests only. Default false. */
  allowLoopback?: boolean | undefined;
  /** Resolves the names of SFTP servers; the system's resolver by default. */
  lookup?: Lookup | undefined;
  /** Leaves SFTP servers alone that are down. */
  breakers?: Breakers | undefined;
  limits?: FileLimits | undefined;
  wait?: Wait | undefined;
}

/** Builds the host. Limits hold for a connection in this process, however many runs and checks it has at once. */
export function createHost(options: HostOptions): ConnectorHost {
  const { outbound, clock, log } = options;
  const now = () => clock.now();
  const wait = options.wait ?? waitFor;
  const limiters = createLimiters((connector) => createLimiter(connector.limits, { now, wait }));

  return {
    open({ tenantId, connectionId, connector, settings, upload, isProbe = false, signal }) {
      const ids = { tenantId, connectionId };
      const limiter = limiters.take(`${tenantId}/${connectionId}`, connector);
      // What is still asked for when the work has ended, nobody waits for.
      const closing = new AbortController();
      const fetch: FetchOptions = {
        outbound,
        limiter: limiter.limiter,
        wait,
        now,
        signal: AbortSignal.any([signal, closing.signal]),
        onAttempt: (attempt) => options.onAttempt?.({ ...ids, ...attempt }),
      };
      const files = createFileSource({
        upload,
        folder: options.dropFolder === undefined ? undefined : path.join(options.dropFolder, tenantId),
        fetch,
        isProbe,
        allowLoopback: options.allowLoopback ?? false,
        lookup: options.lookup,
        breakers: options.breakers,
        limits: options.limits ?? fileLimits,
        signal,
      });
      return {
        settings,
        fetch: createConnectorFetch(fetch),
        files,
        signal,
        now,
        log: createConnectorLog(log, ids),
        close: async () => {
          closing.abort(new Error('The work that this call was for has ended'));
          limiter.release();
          await files.close();
        },
      };
    },
  };
}

/** One limiter for each connection, as long as anybody works with it. */
function createLimiters(create: (connector: Connector) => Limiter) {
  const held = new Map<string, { limiter: Limiter; users: number }>();
  return {
    take(key: string, connector: Connector): { limiter: Limiter; release(): void } {
      const entry = held.get(key) ?? { limiter: create(connector), users: 0 };
      held.set(key, entry);
      entry.users += 1;
      let released = false;
      return {
        limiter: entry.limiter,
        release: () => {
          if (released) return;
          released = true;
          entry.users -= 1;
          if (entry.users === 0) held.delete(key);
        },
      };
    },
  };
}
