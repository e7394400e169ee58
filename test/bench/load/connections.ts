import type { IncomingHttpHeaders } from 'node:http';
import { Client, type Dispatcher, Pool } from 'undici';

export interface WireRequest {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
}

export interface WireAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export type Send = (request: WireRequest) => Promise<WireAnswer>;

/** Connections of their own to each server, one request at a time on each: a person who waits for the answer. */
export function openLanes(
  origins: readonly string[],
  perOrigin: number,
): { lanes: Send[]; close(): Promise<void> } {
  const clients = Array.from({ length: perOrigin }, () =>
    origins.map((origin) => new Client(origin, { pipelining: 1, keepAliveTimeout: 30_000 })),
  ).flat();
  return {
    lanes: clients.map((client) => (request) => dispatch(client, request)),
    close: async () => {
      await Promise.all(clients.map((client) => client.destroy()));
    },
  };
}

/** Servers in turn, over as many connections as the load needs, up to `perOrigin`. */
export function openRotation(
  origins: readonly string[],
  perOrigin: number,
): { send: Send; close(): Promise<void> } {
  const pools = origins.map(
    (origin) => new Pool(origin, { connections: perOrigin, pipelining: 1, keepAliveTimeout: 30_000 }),
  );
  let turn = 0;
  return {
    send: (request) => {
      turn = (turn + 1) % pools.length;
      return dispatch(pools[turn]!, request);
    },
    close: async () => {
      await Promise.all(pools.map((pool) => pool.destroy()));
    },
  };
}

function dispatch(to: Dispatcher, { method, path, headers, body }: WireRequest): Promise<WireAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<WireAnswer>();
  const answer: WireAnswer = { status: 0, headers: {}, body: '' };
  const parts: Buffer[] = [];
  to.dispatch(
    { method, path, headers, body: body ?? null },
    {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, status, received) => {
        answer.status = status;
        answer.headers = received;
      },
      onResponseData: (_controller, part) => {
        parts.push(part);
      },
      onResponseEnd: () => {
        answer.body = Buffer.concat(parts).toString();
        resolve(answer);
      },
      onResponseError: (_controller, error) => reject(error),
    },
  );
  return promise;
}
