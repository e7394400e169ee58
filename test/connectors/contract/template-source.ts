import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SourceRow } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import { serve } from '../../platform/outbound/loopback-server.ts';
import type { Rows } from '../../support/small-roster.ts';
import { createFaultCounter, type SimulatedSource } from './harness.ts';

const token = 'zyx-template-token';
const pageSize = 25;

/** What the source calls the columns; written down here once more, since the connector's own table is what is tested. */
const names: Readonly<Record<string, string>> = {
  type: 'kind',
  identifier: 'code',
  parentSourcedId: 'parentId',
  enabledUser: 'isActive',
  username: 'login',
  givenName: 'firstName',
  familyName: 'lastName',
  email: 'mail',
  grades: 'years',
  primaryOrgSourcedId: 'schoolId',
};

/** Stands in for the source of a scaffolded connector: collections by GET, in the order of ids, after one of them. */
export async function startTemplateSource(rows: Rows): Promise<SimulatedSource> {
  const held = new Map(
    (['orgs', 'users'] as const).map((entity) => [
      entity as Entity,
      new Map((rows[entity] ?? []).map((row) => [row.sourcedId, row])),
    ]),
  );
  const faults = createFaultCounter();
  let now = Date.UTC(2026, 10, 20);
  const answered: SourceRow[][] = [];

  const { port } = await serve((request, response) => {
    response.setHeader('date', new Date(now).toUTCString());
    if (request.headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end();
    const url = new URL(request.url ?? '', 'http://source');
    const entity = url.pathname.slice(1) as Entity;
    if (url.pathname === '/about')
      return json(response, { product: 'Template 1', readable: [...held.keys()] });
    const collection = held.get(entity);
    if (collection === undefined) return void response.writeHead(404).end();
    const disturbance = faults.next();
    if (disturbance.kind === 'answer') {
      const { status, headers = {}, body = '' } = disturbance.answer;
      return void response.writeHead(status, headers).end(body);
    }
    const page =
      disturbance.kind === 'repeat'
        ? (answered.at(-1) ?? [])
        : select(collection, url.searchParams, faults.current.mostRows);
    answered.push(page);
    const total = faults.current.omitsTotals ? {} : { total: collection.size };
    return json(response, { [entity]: page.map(render), ...total });
  });

  return {
    settings: { baseUrl: `http://127.0.0.1:${port}`, token, pageSize },
    secrets: [token],
    ids: (entity) => [...(held.get(entity)?.keys() ?? [])],
    put: (entity, row) => held.get(entity)?.set(row.sourcedId, row),
    remove: (entity, sourcedId) => held.get(entity)?.delete(sourcedId),
    setTime: (time) => {
      now = time;
    },
    disturb: faults.set,
  };
}

/** The same with so many users, each made when it is asked for. */
export async function startLargeTemplateSource(count: number): Promise<Pick<SimulatedSource, 'settings'>> {
  const id = (index: number) => `user-${String(index).padStart(9, '0')}`;
  const { port } = await serve((request: IncomingMessage, response: ServerResponse) => {
    const query = new URL(request.url ?? '', 'http://source').searchParams;
    const from = Number(query.get('after')?.slice('user-'.length) ?? -1) + 1;
    const size = Math.max(0, Math.min(Number(query.get('limit')), count - from));
    const users = Array.from({ length: size }, (_, index) => ({
      id: id(from + index),
      isActive: true,
      login: `login-${from + index}`,
      firstName: 'Given',
      lastName: 'Family',
    }));
    json(response, { users, total: count });
  });
  return { settings: { baseUrl: `http://127.0.0.1:${port}`, token, pageSize: 1_000 } };
}

function select(
  collection: ReadonlyMap<string, SourceRow>,
  query: URLSearchParams,
  mostRows = pageSize,
): SourceRow[] {
  const [after = '', since = ''] = [query.get('after') ?? '', query.get('since') ?? ''];
  return [...collection.values()]
    .filter(({ sourcedId, dateLastModified = '' }) => sourcedId > after && dateLastModified >= since)
    .toSorted((a, b) => (a.sourcedId < b.sourcedId ? -1 : 1))
    .slice(0, Math.min(mostRows, Number(query.get('limit'))));
}

function render({ sourcedId, dateLastModified, values }: SourceRow): object {
  const members = Object.entries(values).map(([column, value]) => [names[column] ?? column, value]);
  return { id: sourcedId, updatedAt: dateLastModified, ...Object.fromEntries(members) };
}

function json(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}
