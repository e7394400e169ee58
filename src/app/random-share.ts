import { randomBytes } from 'node:crypto';

/** 0 ≤ share < 1. The hub has one source of chance, though this one guards nothing. */
export function randomShare(): number {
  return randomBytes(4).readUInt32BE() / 2 ** 32;
}
