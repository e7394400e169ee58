import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { answers, configurations, type RegisteringFamily } from './documents.ts';

/** What the LMS was sent. */
export interface Received {
  path: string;
  authorization: string | undefined;
  userAgent: string | undefined;
  body: Record<string, unknown> | undefined;
}

type Act = (response: ServerResponse, body: Record<string, unknown> | undefined) => void | Promise<void>;

/** An LMS that takes registrations, as the product does, until a test tells it otherwise. */
export interface RegisteringLms {
  origin: string;
  host: string;
  received: Received[];
  /** Answers a path differently from now on; undefined: as the product again. */
  misbehave(path: '/configuration' | '/register', act: Act | undefined): void;
}

/** Starts one; it is gone when the file's tests are done. Call it at the top level of a test file. */
export async function startRegisteringLms(family: RegisteringFamily): Promise<RegisteringLms> {
  const received: Received[] = [];
  const acts = new Map<string, Act>();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  const host = `lms.localhost:${(server.address() as AddressInfo).port}`;
  const origin = `http://${host}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', origin);
    const text = Buffer.concat(await request.toArray()).toString();
    const body = text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
    const { authorization, 'user-agent': userAgent } = request.headers;
    received.push({ path: String(request.url), authorization, userAgent, body });
    const act = acts.get(pathname);
    if (act !== undefined) return act(response, body);
    const document = pathname === '/register' ? answers[family](body ?? {}) : configurations[family](origin);
    sendJson(response, pathname === '/register' ? 201 : 200, document);
  }

  return {
    origin,
    host,
    received,
    misbehave: (path, act) => {
      if (act === undefined) acts.delete(path);
      else acts.set(path, act);
    },
  };
}

export function sendJson(response: ServerResponse, status: number, document: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}
