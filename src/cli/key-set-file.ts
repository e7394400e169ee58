import type { JSONWebKeySet } from 'jose';
import { parseInput } from '../platform/input.ts';
import { publicKeySet } from '../platform/partner-values.ts';
import type { CliIo } from './command.ts';
import type { Values } from './values.ts';

/**
 * The key set in the file that `--jwks-file` names, or undefined without that option.
 *
 * @throws UsageError when it is no JSON, DomainError input `jwks_invalid` when it is no public key set
 */
export async function readKeySet(values: Values, io: CliIo): Promise<JSONWebKeySet | undefined> {
  const file = values.optional('jwks-file');
  if (file === undefined) return undefined;
  const text = await io.readFile(file);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw values.wrong('jwks-file', `holds no JSON: ${file}`);
  }
  return parseInput(publicKeySet, content, 'jwks_invalid');
}
