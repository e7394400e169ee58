import type { DirectoryClient } from './client.ts';
import type { DirectoryConnection, DirectoryServices } from './connection.ts';
import { createSession, type DirectorySession } from './session.ts';

/** The sessions of all directories that this copy of the hub talks to. */
export interface DirectorySessions {
  /** That of the latest settings: a change closes the one before, once its work has ended. */
  of(connection: DirectoryConnection): DirectorySession;
  /** Does the work as the service account, when it is its turn. @throws DirectoryError */
  use<T>(connection: DirectoryConnection, work: (client: DirectoryClient) => Promise<T>): Promise<T>;
  forget(connectionId: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens nothing yet. */
export function createSessions(services: DirectoryServices): DirectorySessions {
  const open = new Map<string, { version: number; networks: string; session: DirectorySession }>();
  const closing = new Set<Promise<void>>();

  function close(session: DirectorySession): Promise<void> {
    const closed = session.close().finally(() => closing.delete(closed));
    closing.add(closed);
    return closed;
  }

  function of(connection: DirectoryConnection): DirectorySession {
    const { connectionId, version } = connection;
    const networks = connection.networks.join(' ');
    const known = open.get(connectionId);
    if (known !== undefined && known.version >= version && known.networks === networks) return known.session;
    const session = createSession(services, connection);
    open.set(connectionId, { version, networks, session });
    if (known !== undefined) close(known.session);
    return session;
  }

  async function forget(connectionId: string): Promise<void> {
    const known = open.get(connectionId);
    open.delete(connectionId);
    if (known !== undefined) await close(known.session);
  }

  return {
    of,
    use: (connection, work) => {
      const session = of(connection);
      return session.takeTurn(() => session.asService(work));
    },
    forget,
    close: async () => {
      await Promise.all([...open.keys()].map(forget));
      await Promise.all(closing);
    },
  };
}
