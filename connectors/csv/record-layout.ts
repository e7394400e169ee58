/** How a file is laid out, as its header tells. */
export interface RecordLayout {
  /** Fields of a record. */
  readonly fields: number;
  /** Which of them are passed on: 1 for each that is. */
  readonly keep: Uint8Array;
  /** The byte between fields. */
  readonly delimiter: number;
  /** Whether lines end with a carriage return alone. */
  readonly endsInCr: boolean;
  /** The line after the header. */
  readonly firstLine: number;
}
