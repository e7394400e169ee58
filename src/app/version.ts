import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const description = z.object({ version: z.string() });

/** The program's own version, as its package says. */
export async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return description.parse(JSON.parse(text)).version;
}
