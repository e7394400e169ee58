import path from 'node:path';
import type { NewSource } from './hub-side.ts';
import type { BenchPackage } from './packages.ts';

/** The archive as an institution's system puts it into the folder that the operator has set aside. */
export function csvSource({ zip }: BenchPackage): NewSource {
  return { connector: 'oneroster-csv', settings: { place: 'folder', path: path.basename(zip) } };
}
