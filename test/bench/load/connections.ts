import type { IncomingHttpHeaders } from 'node:http';
import { openWireClient, type WireClient } from './wire-client.ts';

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
  const clients = Array.from({ length: perOrigin }, () => origins.map(openWireClient)).flat();
  return {
    lanes: clients.map(({ send }) => send),
    close: async () => {
      for (const client of clients) client.close();
    },
  };
}

/** Servers in turn, each over as many connections as requests are under way: nobody waits for a free one. */
export function openRotation(origins: readonly string[]): { send: Send; close(): void } {
  const servers = origins.map((origin) => ({ origin, idle: [] as WireClient[] }));
  const all = new Set<WireClient>();
  let turn = 0;
  return {
    send: async (request) => {
      turn = (turn + 1) % servers.length;
      const { origin, idle } = servers[turn]!;
      const client = idle.pop() ?? openWireClient(origin);
      all.add(client);
      const answer = await client.send(request);
      idle.push(client);
      return answer;
    },
    close: () => {
      for (const client of all) client.close();
    },
  };
}
