import {
  type CheckReport,
  type ConnectorContext,
  ConnectorError,
  type Discovery,
} from '../../contracts/connector.ts';
import type { Entity } from '../../contracts/roster.ts';
import { readRows, readTotal } from './answer.ts';
import { endpoints } from './areas.ts';
import { type Client, clientOf, toError } from './client.ts';
import { readAll } from './pages.ts';
import { addressOf } from './query.ts';
import type { Settings } from './settings.ts';

const rosterEntities: readonly Entity[] = [
  'orgs',
  'academicSessions',
  'courses',
  'classes',
  'users',
  'roles',
  'enrollments',
];
/** Entities whose being readable is found out by themselves: each may be missing, or refused. */
const optional = ['demographics', 'categories', 'lineItems', 'results'] as const;

/**
 * Asks for one org, and whether the parts that not every source grants are there.
 *
 * @throws ConnectorError with what to change
 */
export async function check(context: ConnectorContext<Settings>): Promise<CheckReport> {
  const client = clientOf(context);
  const { service, collection } = endpoints.orgs;
  const url = client.access.url(service, collection);
  const response = await client.get('roster', addressOf(url, { limit: 1, offset: 0 }));
  if (response.status !== 200) throw toError(client, response);
  const orgs = readRows(response, collection);
  const granted: Entity[] = [...rosterEntities];
  for (const entity of optional) if (await isReadable(client, entity)) granted.push(entity);
  const isEmpty = orgs.length === 0 && (readTotal(response) ?? 0) === 0;
  return {
    source: nameOf(client, response.headers.server),
    entities: granted,
    warnings: isEmpty ? ['The source shows the hub no org. Choose the schools that it may see.'] : [],
  };
}

/** The schools that the source shows. @throws ConnectorError */
export async function discover(context: ConnectorContext<Settings>): Promise<Discovery> {
  const orgs = await readAll(clientOf(context), 'orgs');
  const schools = orgs.filter(({ status, values }) => values.type === 'school' && status !== 'tobedeleted');
  return { schools: schools.map(({ sourcedId, values }) => ({ sourcedId, name: values.name ?? sourcedId })) };
}

async function isReadable(client: Client, entity: (typeof optional)[number]): Promise<boolean> {
  const { area, service, collection } = endpoints[entity];
  try {
    const url = addressOf(client.access.url(service, collection), { limit: 1, offset: 0 });
    const response = await client.get(area, url);
    if (response.status !== 200) return false;
    readRows(response, collection);
    return true;
  } catch (error) {
    // A part that fails is no part to count on; whether the source is there, the orgs have told.
    if (error instanceof ConnectorError) return false;
    throw error;
  }
}

/** The product as it is set, the version, and what the server calls itself: OneRoster has no other word for it. */
function nameOf({ access, context }: Client, server: string | undefined): string {
  const named = server === undefined ? '' : ` (${server.slice(0, 80)})`;
  return `${access.vendor.title}, OneRoster ${access.version}, at ${new URL(context.settings.baseUrl).host}${named}`;
}
