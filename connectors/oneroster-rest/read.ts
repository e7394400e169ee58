import type { ConnectorContext, Page, ReadRequest, Seal } from '../../contracts/connector.ts';
import { ahead } from './ahead.ts';
import { endpoints } from './areas.ts';
import { createClient } from './client.ts';
import { type Outcome, readCollection } from './collection.ts';
import { finding } from './finding-codes.ts';
import { roleFields } from './map-roles.ts';
import { createNotes } from './notes.ts';
import { createBatchMapping, toPages } from './pages.ts';
import { type Position, parsePosition, startPosition } from './position.ts';
import type { Settings } from './settings.ts';

/**
 * Reads one entity. Roles are read out of users in a second pass over that list, which asks for the few members that
 * it needs: it moves a fraction of what the first one does, and holds nothing in memory in between.
 */
export async function* readEntity(
  context: ConnectorContext<Settings>,
  request: ReadRequest,
): AsyncGenerator<Page | Seal> {
  const { entity } = request;
  const client = createClient(context);
  const endpoint = endpoints[entity];
  const url = client.access.url(endpoint.service, endpoint.collection);
  const from = decideStart(request);
  const part = entity === 'roles' ? `${url} (roles)` : url;
  const notes = createNotes(part);
  const map = createBatchMapping(client, entity, from.since, notes);
  const fields = entity === 'roles' ? roleFields[client.access.version] : undefined;

  const batches = ahead(readCollection(client, { endpoint, fields, from }));
  let { made, without, pass } = from;
  let before = JSON.stringify(from);
  try {
    for (;;) {
      context.signal.throwIfAborted();
      const { done, value } = await batches.next();
      const { position } = value;
      const refused = position.without.filter((one) => !without.includes(one));
      if (refused.includes('sort')) notes.add('sort_refused');
      if (refused.includes('filter')) notes.add('filter_refused');
      without = position.without;
      if (position.pass > pass) context.log('list_read_again', { entity });
      pass = position.pass;
      if (done) {
        const findings = [...notes.take(), ...endFindings(value, part)];
        if (findings.length > 0) {
          yield {
            kind: 'page',
            part,
            first: made,
            rows: [],
            findings,
            checkpoint: JSON.stringify({ ...position, made }),
          };
        }
        const seal = sealOf({ ...value, position: { ...position, made } }, context.settings);
        if (seal) yield seal;
        return;
      }
      const pieces = await map(value.rows, made);
      for (const { rows } of pieces) made += rows.length;
      const after = JSON.stringify({ ...position, made });
      yield* toPages(part, pieces, notes.take(), { before, after });
      before = after;
    }
  } finally {
    batches.stop();
  }
}

/** Where to begin: from a checkpoint, from the last seal's time, or with everything. */
export function decideStart({ mode, state, resumes }: ReadRequest): Position {
  if (resumes) return (state === undefined ? undefined : parsePosition(state)) ?? startPosition;
  return mode === 'delta' && state !== undefined ? { ...startPosition, since: state } : startPosition;
}

function endFindings({ end }: Outcome, part: string) {
  if (end === 'missing') return [finding('endpoint_missing', { part })];
  if (end === 'refused') return [finding('endpoint_refused', { part })];
  return end === 'doubtful' ? [finding('pages_unstable', { part })] : [];
}

/** The seal of a list of which all rows have come. What was read twice has no number that could be compared. */
function sealOf({ end, position }: Outcome, settings: Settings): Seal | undefined {
  const { pass, least, made, received, since, startedAt } = position;
  // A list of which no row can be used is not an empty one.
  const isUseless = since === undefined && received > 0 && made === 0;
  if (end !== 'whole' || isUseless) return undefined;
  const state = startedAt === undefined ? undefined : startedAt - settings.overlapMinutes * 60_000;
  return {
    kind: 'seal',
    expected: pass === 1 && least !== undefined ? made : undefined,
    state: state === undefined ? undefined : new Date(state).toISOString(),
  };
}
