import { parse } from 'csv-parse/sync';
import type {
  Connector,
  Page,
  Raw,
  ReadRequest,
  Seal,
  SourceFinding,
  SourceRow,
} from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import type { OpenedConnector } from '../../../src/sync/host/host.ts';
import { openContext, type SteppedClock } from '../../sync/host/open-context.ts';
import type { Harness, SimulatedSource } from './harness.ts';

/** A connector with its context, over the real host. */
export interface Opened {
  connector: Connector;
  context: OpenedConnector;
  clock: SteppedClock;
  /** Whatever has left the connector besides rows: log lines, findings, parts, errors. */
  told: unknown[];
}

export function openConnector(
  { connector }: Harness,
  source: Pick<SimulatedSource, 'settings' | 'upload' | 'dropFolder'>,
  change: object = {},
  signal?: AbortSignal,
): Opened {
  const settings: { place?: string } = connector.settings.parse({ ...source.settings, ...change });
  // A package is handed over to whoever reads what is handed over.
  const upload = settings.place === 'upload' ? source.upload?.() : undefined;
  const { context, clock, lines, attempts } = openContext({
    settings,
    dropFolder: source.dropFolder,
    limitsOfConnector: connector.limits,
    ...(upload !== undefined && { upload }),
    ...(signal !== undefined && { signal }),
  });
  return { connector, context, clock, told: [lines, attempts] };
}

/** What reading has brought so far; a row that comes twice counts once, with what came last. */
export interface Staged {
  rows: Map<string, string>;
  seal: Seal | undefined;
  parts: number;
  checkpoint: string | undefined;
}

export const emptyStaged = (): Staged => ({
  rows: new Map(),
  seal: undefined,
  parts: 0,
  checkpoint: undefined,
});

const full = (entity: Entity): ReadRequest => ({ entity, mode: 'full', state: undefined, resumes: false });

/**
 * Reads an entity into `staged`, as the engine does, until the source is at its end or `mostParts` have come: then the
 * reader is stopped in the middle, as by a kill.
 */
export async function readInto(
  staged: Staged,
  { connector, context, told }: Opened,
  request: ReadRequest,
  options: { mostParts?: number; afterPart?: (part: number) => void } = {},
): Promise<Staged> {
  let parts = 0;
  try {
    for await (const item of connector.read(context, request)) {
      if (item.kind === 'seal') staged.seal = item;
      else {
        for (const row of item.kind === 'page' ? readPage(item, told) : await readRaw(item, told)) {
          staged.rows.set(row.sourcedId, canonical(row));
        }
        staged.checkpoint = item.kind === 'page' ? item.checkpoint : undefined;
        staged.parts += 1;
        parts += 1;
        options.afterPart?.(parts);
        if (parts === options.mostParts) return staged;
      }
    }
  } catch (error) {
    told.push(error instanceof Error ? { message: error.message, cause: String(error.cause) } : error);
    throw error;
  }
  return staged;
}

export const readFull = (opened: Opened, entity: Entity, options?: { afterPart?: (part: number) => void }) =>
  readInto(emptyStaged(), opened, full(entity), options);

/** Reads a full read to `parts`, is killed there, and goes on from where the checkpoint allows. */
export async function readKilledAt(parts: number, open: () => Opened, entity: Entity): Promise<Staged> {
  const before = await readInto(emptyStaged(), open(), full(entity), { mostParts: parts });
  return resume(before, open(), entity);
}

/** Goes on after a kill or a failure: from the checkpoint, else from the start with nothing staged. */
export function resume(before: Staged, opened: Opened, entity: Entity): Promise<Staged> {
  if (before.checkpoint === undefined) return readFull(opened, entity);
  return readInto(before, opened, { ...full(entity), state: before.checkpoint, resumes: true });
}

function readPage(page: Page, told: unknown[]): readonly SourceRow[] {
  told.push(page.part, page.findings, page.checkpoint);
  return page.rows;
}

async function readRaw(raw: Raw, told: unknown[]): Promise<SourceRow[]> {
  const records: Record<string, string>[] = [];
  const options = { columns: [...raw.columns], relax_column_count: false };
  for await (const chunk of raw.chunks) {
    // By itself: each holds whole records.
    if (chunk.at(-1) !== 0x0a) throw new Error('A chunk ends within a record.');
    records.push(...(parse(chunk, options) as Record<string, string>[]));
  }
  const findings: readonly SourceFinding[] = raw.findings();
  told.push(raw.part, findings);
  return records.map(({ sourcedId = '', status, dateLastModified, metadata, line: _, ...values }) => ({
    sourcedId,
    status,
    dateLastModified,
    values,
    metadata: metadata ? JSON.parse(metadata) : undefined,
  }));
}

/** A row as text that is equal where the row is. */
export function canonical({ status, dateLastModified, values, metadata }: SourceRow): string {
  const said = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return JSON.stringify([status || undefined, dateLastModified || undefined, said.sort(), metadata]);
}
