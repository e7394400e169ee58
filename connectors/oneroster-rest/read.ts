import type { ConnectorContext, Page, ReadRequest, Seal } from '../../contracts/connector.ts';
import { endpoints } from './areas.ts';
import { clientOf } from './client.ts';
import { readCollection } from './collection.ts';
import { roleFields } from './map-roles.ts';
import { type Position, parsePosition, startPosition } from './position.ts';
import type { Settings } from './settings.ts';
import { startTrack } from './track.ts';

/**
 * Reads one entity. Roles are a part of users: they are brought along with them, or read out of that list by themselves,
 * which is then asked for the few members that they need.
 */
export async function* readEntity(
  context: ConnectorContext<Settings>,
  request: ReadRequest,
): AsyncGenerator<Page | Seal> {
  const { entity, alongside = [] } = request;
  const client = clientOf(context);
  const from = decideStart(request);
  const own = startTrack(client, request, entity, from, from.made);
  const roles =
    entity === 'users' && alongside.includes('roles')
      ? startTrack(client, request, 'roles', from, from.madeAlongside ?? 0)
      : undefined;
  const tracks = roles === undefined ? [own] : [own, roles];
  const mark = (position: Position) =>
    JSON.stringify({ ...position, made: own.made, madeAlongside: roles?.made });
  const fields = entity === 'roles' ? roleFields[client.access.version] : undefined;

  const batches = readCollection(client, { endpoint: endpoints[entity], fields, from });
  let { without, pass } = from;
  let before = mark(from);
  try {
    for (;;) {
      context.signal.throwIfAborted();
      const { done, value } = await batches.next();
      const { position } = value;
      const refused = position.without.filter((one) => !without.includes(one));
      if (refused.includes('sort')) own.notes.add('sort_refused');
      if (refused.includes('filter')) own.notes.add('filter_refused');
      without = position.without;
      if (position.pass > pass) context.log('list_read_again', { entity });
      pass = position.pass;
      if (done) {
        for (const track of tracks) yield* track.end(value, mark(position));
        return;
      }
      const taken = [];
      for (const track of tracks) taken.push({ track, pieces: await track.take(value.rows) });
      const after = mark(position);
      for (const { track, pieces } of taken) yield* track.pages(pieces, { before, after });
      before = after;
    }
  } finally {
    await batches.return(undefined as never);
  }
}

/** Where to begin: from a checkpoint, from the last seal's time, or with everything. */
export function decideStart({ entity, mode, state, resumes }: ReadRequest): Position {
  if (!resumes)
    return mode === 'delta' && state !== undefined ? { ...startPosition, since: state } : startPosition;
  const position = (state === undefined ? undefined : parsePosition(state)) ?? startPosition;
  const { madeAlongside } = position;
  // Roles go on by themselves from where they were brought along to.
  return entity === 'roles' && madeAlongside !== undefined ? { ...position, made: madeAlongside } : position;
}
