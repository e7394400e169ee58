import { isNothing } from '../../platform/absent.ts';
import { record } from '../claims.ts';

/**
 * The successful answer of an LMS's token endpoint, with the members that the hub uses (RFC 6749 §5.1): the library refuses the
 * whole where one that nobody needs is null, and looks into an id_token that nobody asked for. Some LMSs leave out
 * `token_type`, or write the scopes as a list.
 *
 * @returns undefined where it grants nothing
 */
export function readTokenBody(text: string): Record<string, unknown> | undefined {
  const body = record(parse(text));
  if (isNothing(body.access_token)) return undefined;
  const { access_token, token_type, expires_in, scope } = body;
  const given = { token_type, expires_in, scope: Array.isArray(scope) ? scope.join(' ') : scope };
  const said = Object.entries(given).filter(([, value]) => !isNothing(value));
  return { access_token, token_type: 'Bearer', ...Object.fromEntries(said) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}
