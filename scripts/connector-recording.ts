import type { Connector, ConnectorContext, SourceRow } from '../contracts/connector.ts';
import type { Entity } from '../contracts/roster.ts';
import type { Log } from '../src/platform/log.ts';
import type { OutboundFetch } from '../src/platform/outbound/fetch.ts';
import { createHost } from '../src/sync/host/host.ts';

/** One call and its answer, as they were. */
export interface Exchange {
  method: string;
  url: string;
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** What a connector has asked a real source, and what it made of the answers. Holds secrets and people's data. */
export interface Recording {
  exchanges: Exchange[];
  rows: { entity: Entity; row: SourceRow }[];
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, flush() {} };

/**
 * Lets a connector check, discover and read a few pages of each entity, and keeps every exchange.
 *
 * @param settings as an admin would enter them; pages are made small where the connector knows `pageSize`
 */
export async function recordConnector(
  connector: Connector,
  settings: Readonly<Record<string, unknown>>,
  options: { outbound: OutboundFetch; pages: number; pageSize: number },
): Promise<Recording> {
  const recording: Recording = { exchanges: [], rows: [] };
  const outbound: OutboundFetch = async (request) => {
    const response = await options.outbound(request);
    recording.exchanges.push({
      method: request.method ?? 'GET',
      url: request.url,
      status: response.status,
      headers: response.headers,
      body: response.text(),
    });
    return response;
  };
  const small = 'pageSize' in connector.settings.shape ? { pageSize: options.pageSize } : {};
  const context = createHost({
    outbound,
    clock: { now: () => Date.now() },
    log: silent,
    dropFolder: undefined,
  }).open({
    tenantId: 'recording',
    connectionId: 'recording',
    connector,
    settings: connector.settings.parse({ ...settings, ...small }),
    upload: undefined,
    signal: AbortSignal.timeout(10 * 60_000),
  });
  try {
    const { entities } = await connector.check(context);
    await connector.discover(context);
    for (const entity of entities) await readSome(connector, context, entity, options.pages, recording);
  } finally {
    await context.close();
  }
  return recording;
}

async function readSome(
  connector: Connector,
  context: ConnectorContext<object>,
  entity: Entity,
  mostPages: number,
  { rows }: Recording,
): Promise<void> {
  let pages = 0;
  for await (const part of connector.read(context, {
    entity,
    mode: 'full',
    state: undefined,
    resumes: false,
  })) {
    if (part.kind !== 'page') continue;
    rows.push(...part.rows.map((row) => ({ entity, row })));
    pages += 1;
    if (pages === mostPages) return;
  }
}
