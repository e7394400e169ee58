import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { createAssetsRouter } from '../../../src/lti/pages/assets.ts';
import { pageHeaders } from '../../../src/lti/pages/headers.ts';
import type { Html } from '../../../src/platform/html.ts';
import { assets } from './samples.ts';

/** Posted fields by path, newest last. */
export interface Received {
  readonly path: string;
  readonly site: string;
  readonly fields: Record<string, string>;
}

export type Answer = (request: Request, response: Response) => unknown;

/** Three sites on one port by Host: `lms`, `hub` and `tool`, each with pages the test gives by path. */
export interface Sites {
  origin(site: 'lms' | 'hub' | 'tool'): string;
  /** What `path` of a site answers; without one it is 204, which leaves a browser where it is. */
  on(site: string, path: string, answer: Answer): void;
  /** Everything posted so far. */
  readonly received: Received[];
  close(): void;
}

export async function openSites(): Promise<Sites> {
  const answers = new Map<string, Answer>();
  const received: Received[] = [];
  const app = express()
    .use(createAssetsRouter(assets))
    .use(express.urlencoded({ extended: false }))
    .use((request, response) => {
      const site = request.hostname.split('.')[0] ?? '';
      if (request.method === 'POST') received.push({ path: request.path, site, fields: { ...request.body } });
      const answer = answers.get(`${site} ${request.path}`);
      if (answer) answer(request, response);
      else response.status(204).end();
    });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    received,
    origin: (site) => `http://${site}.localhost:${port}`,
    on: (site, path, answer) => void answers.set(`${site} ${path}`, answer),
    close: () => void server.close().closeAllConnections(),
  };
}

/** Answers a hub page as the routes do, policy and all, framed by anyone on this machine. */
export function sendPage(response: Response, page: Html, frames?: readonly string[]): void {
  const local = ['http://*.localhost:*'];
  response.set(pageHeaders({ frameAncestors: local, ...(frames && { frames }) })).send(page.text);
}
