import type { Page, SourceFinding, SourceRow } from '../../contracts/connector.ts';
import type { Entity } from '../../contracts/roster.ts';
import { endpoints } from './areas.ts';
import type { Client } from './client.ts';
import { type Batch, readCollection } from './collection.ts';
import { mapRow } from './map.ts';
import { mapRoles, needsOrgTypes } from './map-roles.ts';
import { createNotes, type Notes } from './notes.ts';
import { startPosition } from './position.ts';

/** Rows that follow one another at the source. */
export interface Piece {
  readonly first: number;
  readonly rows: SourceRow[];
}

/** Makes rows out of a batch. @param made rows that were made before */
export type BatchMapping = (batch: Batch['rows'], made: number) => Promise<Piece[]>;

/** @param since rows that say to be older are left out: some sources take a filter and do not heed it */
export function createBatchMapping(
  client: Client,
  entity: Entity,
  since: string | undefined,
  notes: Notes,
): BatchMapping {
  const { version } = client.access;
  const oldest = since === undefined ? undefined : Date.parse(since);
  const isWanted = ({ dateLastModified }: SourceRow) =>
    oldest === undefined || !(Date.parse(dateLastModified ?? '') < oldest);
  if (entity === 'roles') {
    let types: Promise<ReadonlyMap<string, string>> | undefined;
    return async (batch, made) => {
      // Only where somebody's role depends on it.
      if (!types && batch.some(({ member }) => needsOrgTypes(version, member))) types = readOrgTypes(client);
      const known = await types;
      const rows = batch.flatMap(({ place, member }) => {
        notes.at(place);
        return mapRoles(version, member, (org) => known?.get(org), notes);
      });
      return [{ first: made, rows: rows.filter(isWanted) }];
    };
  }
  return async (batch) => {
    const pieces: Piece[] = [];
    for (const { place, member } of batch) {
      notes.at(place);
      const row = mapRow(entity, version, member, notes);
      if (row === undefined || !isWanted(row)) continue;
      const last = pieces.at(-1);
      if (last && last.first + last.rows.length === place) last.rows.push(row);
      else pieces.push({ first: place, rows: [row] });
    }
    return pieces;
  };
}

/** A page for each piece. Before the last one a read can go on from where the batch began only. */
export function* toPages(
  named: Pick<Page, 'entity' | 'part'>,
  pieces: readonly Piece[],
  findings: readonly SourceFinding[],
  checkpoints: { before: string; after: string },
): Generator<Page> {
  const last = pieces.at(-1) ?? { first: 0, rows: [] };
  for (const piece of pieces.slice(0, -1))
    yield { kind: 'page', ...named, ...piece, checkpoint: checkpoints.before };
  yield { kind: 'page', ...named, ...last, findings, checkpoint: checkpoints.after };
}

/** All rows of a list; without those that cannot be read, which its own read tells about. */
export async function readAll(client: Client, entity: Exclude<Entity, 'roles'>): Promise<SourceRow[]> {
  const notes = createNotes('');
  const rows: SourceRow[] = [];
  for await (const batch of readCollection(client, { endpoint: endpoints[entity], from: startPosition })) {
    for (const { member } of batch.rows) {
      const row = mapRow(entity, client.access.version, member, notes);
      if (row) rows.push(row);
    }
  }
  return rows;
}

async function readOrgTypes(client: Client): Promise<ReadonlyMap<string, string>> {
  const orgs = await readAll(client, 'orgs');
  return new Map(orgs.map(({ sourcedId, values }) => [sourcedId, values.type ?? '']));
}
