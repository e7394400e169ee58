import { once } from 'node:events';
import { connect } from 'node:net';
import { Router } from 'express';
import { onTestFinished } from 'vitest';
import { html } from '../../../../src/platform/html.ts';
import { createHttpApp } from '../../../../src/platform/http/http-app.ts';
import { listen } from '../../../../src/platform/http/server.ts';
import { type Log, openLog } from '../../../../src/platform/log.ts';

export interface Line extends Record<string, unknown> {
  event: string;
}

/** Serves a router behind everything the hub puts around its own, until the test is over or, with afterAll, the file. */
export async function serve(
  build: (router: Router) => void,
  options: { https?: boolean; hops?: number; until?: (stop: () => Promise<void>) => void } = {},
) {
  const lines: Line[] = [];
  const log: Log = openLog({
    level: 'debug',
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const router = Router({ caseSensitive: true });
  build(router);
  const app = createHttpApp({
    https: options.https ?? false,
    trustedProxyHops: options.hops ?? 0,
    log,
    renderErrorPage: ({ code, message, reference }) =>
      html`<h1>${code}</h1><p>${message}</p><i>${reference}</i>`,
    routers: [router],
  });
  const server = await listen({ host: '127.0.0.1', port: 0, handler: app });
  const { until = onTestFinished } = options;
  until(async () => void (await server.stop(0)));
  const origin = `http://127.0.0.1:${server.port}`;
  return { origin, lines, port: server.port, server };
}

/** Sends raw bytes and gives everything answered until the server closes. */
export async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  await once(socket, 'close');
  return answer;
}
