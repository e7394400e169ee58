import { entities } from '../../../contracts/roster.ts';
import { createOneRosterServer } from '../../../src/demo/sis/oneroster-server.ts';
import { type HttpServer, listen } from '../../../src/platform/http/server.ts';
import { answerParent } from '../process/child.ts';
import { largeDistrict } from './packages.ts';
import { type SisSettings, sisConsumer } from './sis.ts';

let server: HttpServer | undefined;

/** Opens the simulated student information system; its rows are there before it answers. */
async function open({ scale, pageRows, pageMs }: SisSettings): Promise<{ baseUrl: string }> {
  let handler: Parameters<typeof listen>[0]['handler'] = (_request, response) => response.end();
  server = await listen({
    host: '127.0.0.1',
    port: 0,
    handler: (request, response) => handler(request, response),
  });
  const baseUrl = `http://127.0.0.1:${server.port}`;
  const source = largeDistrict(scale);
  const sis = createOneRosterServer({
    source,
    baseUrl,
    consumer: sisConsumer,
    modes: { mostRows: pageRows },
  });
  for (const entity of entities) sis.shelves.sorted(entity);
  sis.faults.add({ kind: 'slow', ms: pageMs }, { times: Number.POSITIVE_INFINITY });
  handler = sis.app;
  return { baseUrl };
}

answerParent({ open, close: () => server?.stop(1_000) });
