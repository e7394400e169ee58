// What becomes of a field.
export const LEFT_OUT = 0;
export const KEPT = 1;
/** Kept, and counted where it holds something. */
export const WATCHED = 2;

/** How a file is laid out, as its header tells. */
export interface RecordLayout {
  /** Fields of a record. */
  readonly fields: number;
  /** Empty fields that each record has behind them. */
  readonly blankFields: number;
  /** What becomes of each: LEFT_OUT, KEPT or WATCHED. */
  readonly keep: Uint8Array;
  /** The byte between fields. */
  readonly delimiter: number;
  /** Whether lines end with a carriage return alone. */
  readonly endsInCr: boolean;
  /** The line after the header. */
  readonly firstLine: number;
}
