import { permitNetworks } from '../../platform/outbound/networks.ts';
import { decideBindReason } from './bind-outcome.ts';
import { type DirectoryClient, openClient } from './client.ts';
import type { DirectoryConnection, DirectoryServices } from './connection.ts';
import { type DialOptions, dial } from './dial.ts';
import { createFailover, type Failover } from './failover.ts';
import { DirectoryError, readResultCode } from './failure.ts';
import { createGate, type Gate } from './gate.ts';
import { createServicePool, type ServicePool } from './pool.ts';
import type { LdapReason } from './reasons.ts';
import { createServiceAccount } from './service-account.ts';
import { listServers, type Server } from './settings.ts';

/** The connections to one directory under one version of its settings. */
export interface DirectorySession {
  /** Does the work when it is its turn. @throws DirectoryError hub_busy */
  takeTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Does the work as the service account, on a server that is well. @throws DirectoryError */
  asService<T>(work: (client: DirectoryClient) => Promise<T>): Promise<T>;
  /**
   * Shows the directory a person's password, on a connection of its own that is thrown away.
   *
   * @param dn as the directory gave it, never as somebody typed it
   * @param beforeBind called before each time the password is sent; what it throws ends the attempt
   * @returns the result that the directory refused with, or undefined
   */
  proveWith(dn: string, password: string, beforeBind: () => Promise<void>): Promise<BindRefusal | undefined>;
  /** Lets work under way end, then closes all connections. */
  close(): Promise<void>;
}

export interface BindRefusal {
  readonly reason: LdapReason;
  readonly resultCode: number;
}

/** Opens nothing yet. */
export function createSession(
  services: Omit<DirectoryServices, 'attempts'>,
  connection: DirectoryConnection,
): DirectorySession {
  const { settings } = connection;
  const { clock } = services;
  const servers = listServers(settings);
  const gate: Gate = createGate({ ...settings, waitMs: settings.timeouts.waitMs });
  const dialOptions = readDialOptions(services, connection);
  const pools = new Map<Server, ServicePool>();
  const account = createServiceAccount(settings, clock);

  const openOn = async (server: Server) => {
    const socket = await dial(server, dialOptions);
    return openClient(socket, { host: server.host, operationMs: settings.timeouts.operationMs });
  };

  async function openAsService(server: Server): Promise<DirectoryClient> {
    const client = await openOn(server);
    try {
      await account.bind(client, server);
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  function poolOf(server: Server): ServicePool {
    let pool = pools.get(server);
    if (pool === undefined) {
      pool = createServicePool(() => openAsService(server));
      pools.set(server, pool);
    }
    return pool;
  }

  const failover: Failover<Server> = createFailover({
    servers,
    clock,
    check: async (server) => (await openOn(server)).close(),
    onChange: (server, { isWell, error }) => {
      if (!isWell) poolOf(server).drop();
      const { tenantId, connectionId } = connection;
      services.log[isWell ? 'info' : 'warn'](isWell ? 'directory_server_back' : 'directory_server_failed', {
        tenantId,
        connectionId,
        host: server.host,
        port: server.port,
        ...(error !== undefined && { reason: error.reason }),
      });
    },
  });

  return {
    takeTurn: (work) => gate.run(work),
    asService: (work) => failover.run((server) => poolOf(server).use(work)),
    proveWith: (dn, password, beforeBind) =>
      failover.run(async (server) => {
        const client = await openOn(server);
        try {
          await beforeBind();
          await client.bind(dn, password);
          return undefined;
        } catch (error) {
          return toRefusal(error, settings.kind, server);
        } finally {
          client.close();
        }
      }),
    close: async () => {
      await gate.close();
      for (const pool of pools.values()) pool.close();
    },
  };
}

/** How the servers of a connection are reached. */
export function readDialOptions(
  services: Pick<DirectoryServices, 'allowLoopback' | 'lookup'>,
  { settings, networks }: DirectoryConnection,
): DialOptions {
  return {
    allowLoopback: services.allowLoopback,
    permits: permitNetworks(networks),
    lookup: services.lookup,
    certificateAuthorities: settings.authorities === 'public' ? undefined : settings.authorities,
    timeoutMs: settings.timeouts.connectMs,
  };
}

function toRefusal(error: unknown, kind: 'ad' | 'generic', server: Server): BindRefusal {
  const resultCode = readResultCode(error);
  if (resultCode === undefined || !(error instanceof Error)) throw error;
  const reason = decideBindReason(kind, resultCode, error.message);
  if (reason === 'directory_unavailable') {
    throw new DirectoryError(reason, { host: server.host, resultCode, isServersFault: true });
  }
  return { reason, resultCode };
}
