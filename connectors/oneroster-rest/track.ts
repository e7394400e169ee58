import type { Page, ReadRequest, Seal } from '../../contracts/connector.ts';
import type { Entity } from '../../contracts/roster.ts';
import { endpoints } from './areas.ts';
import type { Client } from './client.ts';
import type { Batch, Outcome } from './collection.ts';
import { finding } from './finding-codes.ts';
import { createNotes, type Notes } from './notes.ts';
import { createBatchMapping, type Piece, toPages } from './pages.ts';
import type { Position } from './position.ts';

/** Rows of one entity on their way out of a list. */
export interface Track {
  readonly notes: Notes;
  /** Rows that were handed on so far. */
  readonly made: number;
  /** Makes rows of a batch, and counts them. */
  take(batch: Batch['rows']): Promise<readonly Piece[]>;
  pages(pieces: readonly Piece[], checkpoints: { before: string; after: string }): Iterable<Page>;
  /** What is left to tell, and the seal of a list of which all rows have come. */
  end(outcome: Outcome, checkpoint: string): Iterable<Page | Seal>;
}

/** @param from where the list is read from @param made rows that were handed on before */
export function startTrack(
  client: Client,
  request: Pick<ReadRequest, 'entity'>,
  entity: Entity,
  from: Position,
  made: number,
): Track {
  const { service, collection } = endpoints[entity];
  const url = client.access.url(service, collection);
  const part = entity === 'roles' ? `${url} (roles)` : url;
  const named = { part, ...(entity !== request.entity && { entity }) };
  const notes = createNotes(part);
  const map = createBatchMapping(client, entity, from.since, notes);
  let count = made;
  return {
    notes,
    get made() {
      return count;
    },
    async take(batch) {
      const pieces = await map(batch, count);
      for (const { rows } of pieces) count += rows.length;
      return pieces;
    },
    pages: (pieces, checkpoints) => toPages(named, pieces, notes.take(), checkpoints),
    *end(outcome, checkpoint) {
      const findings = [...notes.take(), ...endFindings(outcome, part)];
      if (findings.length > 0) {
        yield { kind: 'page', ...named, first: count, rows: [], findings, checkpoint };
      }
      const seal = sealOf(outcome, count, client.context.settings.overlapMinutes);
      if (seal) yield { ...seal, ...(entity !== request.entity && { entity }) };
    },
  };
}

function endFindings({ end }: Outcome, part: string) {
  if (end === 'missing') return [finding('endpoint_missing', { part })];
  if (end === 'refused') return [finding('endpoint_refused', { part })];
  return end === 'doubtful' ? [finding('pages_unstable', { part })] : [];
}

/** The seal of a list of which all rows have come. What was read twice has no number that could be compared. */
function sealOf({ end, position }: Outcome, made: number, overlapMinutes: number): Seal | undefined {
  const { pass, least, received, since, startedAt, orders } = position;
  // A list of which no row can be used is not an empty one.
  const isUseless = since === undefined && received > 0 && made === 0;
  if (end !== 'whole' || isUseless) return undefined;
  const state = startedAt === undefined ? undefined : startedAt - overlapMinutes * 60_000;
  return {
    kind: 'seal',
    // In a list without order a row that came twice may have taken the place of another: the host counts different ones.
    expected: pass === 1 && (least !== undefined || orders.length === 0) ? made : undefined,
    state: state === undefined ? undefined : new Date(state).toISOString(),
  };
}
