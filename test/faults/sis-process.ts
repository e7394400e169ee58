import type { Express } from 'express';
import { createOneRosterServer } from '../../src/demo/sis/oneroster-server.ts';
import { type HttpServer, listen } from '../../src/platform/http/server.ts';
import { answerParent } from '../bench/process/child.ts';
import { districtAt, firstNight, type Night, sisConsumer } from './roster/sis.ts';

/** A student information system that speaks OneRoster, in a process of its own, whose pages take their time. */
let server: HttpServer | undefined;
let baseUrl = '';
let app: Express | undefined;
let pageMs = 0;

function become(night: Night): void {
  const sis = createOneRosterServer({ source: districtAt(night), baseUrl, consumer: sisConsumer });
  sis.faults.add({ kind: 'slow', ms: pageMs }, { times: Number.POSITIVE_INFINITY });
  app = sis.app;
}

async function open(given: { pageMs: number }): Promise<{ baseUrl: string }> {
  server = await listen({
    host: '127.0.0.1',
    port: 0,
    handler: (request, response) => (app === undefined ? response.end() : app(request, response)),
  });
  baseUrl = `http://127.0.0.1:${server.port}`;
  pageMs = given.pageMs;
  become(firstNight);
  return { baseUrl };
}

answerParent({ open, become, close: () => server?.stop(1_000) });
