import { isUtf8 } from 'node:buffer';
import { SPACE, ZERO } from './byte-kinds.ts';

const windows1252 = new TextDecoder('windows-1252');

export function isSpaces(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  while (at < to && bytes[at] === SPACE) at += 1;
  return at === to;
}

/** Writes a whole number in decimal digits. @returns where they end */
export function putNumber(bytes: Buffer, start: number, number: number): number {
  let end = start + 1;
  for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) end += 1;
  let rest = number;
  for (let at = end - 1; at >= start; at--) {
    const quotient = Math.floor(rest / 10);
    bytes[at] = ZERO + rest - quotient * 10;
    rest = quotient;
  }
  return end;
}

/** A text that is not in UTF-8, taken as Windows-1252, which old exports are in; undefined where it is in UTF-8. */
export function toUtf8(text: Buffer): Buffer | undefined {
  return isUtf8(text) ? undefined : Buffer.from(windows1252.decode(text));
}
