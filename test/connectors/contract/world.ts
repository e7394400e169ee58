import { expect } from 'vitest';
import { ConnectorError } from '../../../contracts/connector.ts';
import { createSmallRoster, personalValues, type Rows } from '../../support/small-roster.ts';
import type { Harness, SimulatedSource } from './harness.ts';
import { type Opened, openConnector } from './reading.ts';

/** One line of the contract that every connector keeps. */
export interface Line {
  rule: string;
  /** Why it does not apply; undefined: it does. */
  without(harness: Harness): string | undefined;
  keep(harness: Harness): Promise<void>;
}

export const always = () => undefined;
export const pagesOnly = ({ transport }: Harness) =>
  transport === 'pages' ? undefined : 'files have no pages';
export const cursorsOnly = ({ connector }: Harness) =>
  connector.capabilities.delta === 'cursor'
    ? undefined
    : `deltas are told by: ${connector.capabilities.delta}`;

export interface World {
  rows: Rows;
  source: SimulatedSource;
  open(change?: object, signal?: AbortSignal): Opened;
  /** Everything that left the connector besides rows. */
  told: unknown[];
}

/** Runs `use` against a source of its own, and looks at all that was told meanwhile. */
export async function withSource(harness: Harness, use: (world: World) => Promise<void>): Promise<void> {
  const rows = createSmallRoster();
  const source = await harness.start(rows);
  const told: unknown[] = [];
  const open = (change?: object, signal?: AbortSignal) => {
    const opened = openConnector(harness, source, change, signal);
    told.push(opened.told);
    return opened;
  };
  await use({ rows, source, open, told });
  const text = JSON.stringify(told);
  for (const value of [...source.secrets, ...personalValues(rows)]) expect(text).not.toContain(value);
}

export async function failureOf(reading: Promise<unknown>): Promise<ConnectorError> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConnectorError);
  return error as ConnectorError;
}
