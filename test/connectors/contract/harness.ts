import type { Connector, ConnectorFailure, SourceRow } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import type { UploadReader } from '../../../src/sync/host/files/file-source.ts';
import type { Rows } from '../../support/small-roster.ts';

/** How one connector is put to the test: what stands in for its source, and what it must refuse. */
export interface Harness {
  /** The connector's id, and the way it is used where there are several. */
  readonly name: string;
  readonly connector: Connector;
  /** Pages asked for one after the other, or whole files: decides which lines of the contract apply. */
  readonly transport: 'pages' | 'files';
  /** Read in the lines about single faults; it must fill several pages. */
  readonly entity: Entity;
  /** Stands in for the source, holding these rows. */
  start(rows: Rows): Promise<SimulatedSource>;
  /** The same with so many rows of `entity`, which it makes as they are asked for. */
  startLarge(rows: number): Promise<Pick<SimulatedSource, 'settings' | 'upload' | 'dropFolder'>>;
  /** Settings that cannot work, as changes of those that do. */
  readonly badSettings: readonly BadSettings[];
  /** As earlier versions kept them; never changed, only added to. */
  readonly earlierSettings: readonly object[];
}

export interface BadSettings {
  readonly what: string;
  readonly change: object;
  readonly failure: ConnectorFailure;
  readonly code: string;
}

export interface SimulatedSource {
  /** As an admin would enter them. */
  readonly settings: object;
  readonly secrets: readonly string[];
  readonly dropFolder?: string | undefined;
  upload?(): UploadReader;
  /** sourcedIds of what a full read must give, of entities whose rows are not made by the connector. */
  ids(entity: Entity): string[] | undefined;
  put(entity: Entity, row: SourceRow): void;
  remove(entity: Entity, sourcedId: string): void;
  /** The source's own clock; unix milliseconds. */
  setTime(now: number): void;
  /** From now on. */
  disturb(faults: Faults): void;
}

/** What a source does wrong. */
export interface Faults {
  /** In place of pages: after so many proper ones, so many times (undefined: for good). */
  answer?: {
    status: number;
    headers?: Readonly<Record<string, string>>;
    body?: string;
    afterPages: number;
    times?: number;
  };
  /** Never more rows than these, whatever is asked for. */
  mostRows?: number;
  omitsTotals?: boolean;
  /** The page of this number is given a second time in place of the next one, once. */
  repeatsPage?: number;
}

/** Counts pages and decides what disturbs the next one; a simulated source asks it before each page. */
export function createFaultCounter(): {
  set(faults: Faults): void;
  readonly current: Faults;
  /** Called once for each page that would be answered. */
  next(): { kind: 'answer'; answer: NonNullable<Faults['answer']> } | { kind: 'repeat' } | { kind: 'proper' };
} {
  let faults: Faults = {};
  let pages = 0;
  let disturbed = 0;
  return {
    set(next) {
      faults = next;
      pages = 0;
      disturbed = 0;
    },
    get current() {
      return faults;
    },
    next() {
      const { answer, repeatsPage } = faults;
      if (
        answer !== undefined &&
        pages >= answer.afterPages &&
        disturbed < (answer.times ?? Number.POSITIVE_INFINITY)
      ) {
        disturbed += 1;
        return { kind: 'answer', answer };
      }
      if (repeatsPage !== undefined && pages === repeatsPage && disturbed === 0) {
        disturbed += 1;
        return { kind: 'repeat' };
      }
      pages += 1;
      return { kind: 'proper' };
    },
  };
}
