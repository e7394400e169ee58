import { randomFillSync } from 'node:crypto';

// Crockford base32: no I, L, O or U, so that a reference survives being read out on the telephone.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const pool = Buffer.allocUnsafe(8 * 256);
let used = pool.length;

/** A new reference for a person to read out, such as `K7QF-3M2P`: 40 random bits. */
export function newReference(): string {
  if (used >= pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let text = '';
  for (let i = 0; i < 8; i++) {
    if (i === 4) text += '-';
    text += alphabet[(pool[used + i] ?? 0) & 31];
  }
  used += 8;
  return text;
}

/**
 * A reference as people type it, in the form it is stored: upper case, with the hyphen, look-alikes mended.
 *
 * @returns undefined when it cannot be a reference
 */
export function parseReference(typed: string): string | undefined {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  if (!/^[0-9A-HJKMNP-TV-Z]{8}$/.test(plain)) return undefined;
  return `${plain.slice(0, 4)}-${plain.slice(4)}`;
}
