import type { DirectoryClient } from './client.ts';
import { DirectoryError } from './failure.ts';

export interface ServicePool {
  /** Does the work on a connection that is bound as the service account. How many at once, the gate decides. */
  use<T>(work: (client: DirectoryClient) => Promise<T>): Promise<T>;
  /** Forgets the connections at rest: their server may have gone. */
  drop(): void;
  /** Closes those at rest, and those in use once they are given back. */
  close(): void;
}

/** Directories hang up on idle clients (Active Directory after 15 minutes); these hang up first. */
const idleMs = 60_000;

/** Keeps the connections of one server for the next use. @param open opens and binds one */
export function createServicePool(open: () => Promise<DirectoryClient>): ServicePool {
  const resting = new Map<DirectoryClient, NodeJS.Timeout>();
  let isClosed = false;

  function take(): DirectoryClient | undefined {
    // The one used last is the likeliest to be alive.
    for (const [client, timer] of [...resting].reverse()) {
      clearTimeout(timer);
      resting.delete(client);
      if (client.isOpen) return client;
      client.close();
    }
    return undefined;
  }

  function give(client: DirectoryClient): void {
    if (isClosed || !client.isOpen) {
      client.close();
      return;
    }
    const timer = setTimeout(() => {
      resting.delete(client);
      client.close();
    }, idleMs);
    timer.unref();
    resting.set(client, timer);
  }

  function drop(): void {
    for (const [client, timer] of resting) {
      clearTimeout(timer);
      client.close();
    }
    resting.clear();
  }

  async function useOne<T>(
    client: DirectoryClient,
    work: (client: DirectoryClient) => Promise<T>,
  ): Promise<T> {
    try {
      return await work(client);
    } finally {
      give(client);
    }
  }

  return {
    use: async (work) => {
      const kept = take();
      if (kept === undefined) return useOne(await open(), work);
      try {
        return await useOne(kept, work);
      } catch (error) {
        // The server hung up while it rested: that says nothing about the server. Time-outs do.
        if (!(error instanceof DirectoryError) || error.reason !== 'directory_unreachable') throw error;
        drop();
        return useOne(await open(), work);
      }
    },
    drop,
    close: () => {
      isClosed = true;
      drop();
    },
  };
}
