export const COMMA = 0x2c;
export const QUOTE = 0x22;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const ZERO = 0x30;

// What a byte of a CSV file may be.
export const ORDINARY = 0;
/** A part of a character beyond ASCII. */
export const HIGH = 1;
export const NUL = 2;
export const DELIMITER = 3;
export const QUOTES = 4;
export const LINE_END = 5;
/** A carriage return where it does not end lines by itself. */
export const RETURN = 6;
/** A comma where something else parts fields. */
export const NEEDS_QUOTES = 7;

/** The kind of each byte. */
export function kindsOfBytes(delimiter: number, endsInCr: boolean): Uint8Array {
  const kinds = new Uint8Array(256).fill(HIGH, 128);
  kinds[0] = NUL;
  kinds[QUOTE] = QUOTES;
  kinds[LF] = LINE_END;
  kinds[CR] = endsInCr ? LINE_END : RETURN;
  kinds[COMMA] = NEEDS_QUOTES;
  kinds[delimiter] = DELIMITER;
  return kinds;
}
