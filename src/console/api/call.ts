import { buildAddress, type QueryValues } from './address.ts';
import { type CallInput, type EndpointName, lineOf, type Reply } from './contracts.ts';
import { CallFailure, readFailure } from './failure.ts';

/** What every call carries beside its input. */
export interface Caller {
  /** Proves that a change comes from this console and not from another site; null before signing in. */
  readonly csrfToken: string | null;
}

interface AnyInput {
  params?: Record<string, unknown>;
  query?: QueryValues;
  body?: unknown;
}

/**
 * Calls an endpoint of the hub that served this page, with the session's cookie.
 *
 * @throws CallFailure whenever there is no good answer
 */
export function callEndpoint<Name extends EndpointName>(
  caller: Caller,
  name: Name,
  input: CallInput<Name>,
  signal?: AbortSignal,
): Promise<Reply<Name>>;
export async function callEndpoint(
  { csrfToken }: Caller,
  name: EndpointName,
  input: object,
  signal?: AbortSignal,
): Promise<unknown> {
  const { method, path } = lineOf(name);
  const { params, query, body } = input as AnyInput;
  const response = await send(buildAddress(path, params, query), {
    method,
    headers: {
      Accept: 'application/json',
      ...(csrfToken === null || method === 'GET' ? {} : { 'X-CSRF-Token': csrfToken }),
      ...contentType(body),
    },
    credentials: 'same-origin',
    redirect: 'error',
    ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  const mediaType = response.headers.get('Content-Type');
  if (!response.ok) throw readFailure(response.status, mediaType, text);
  return mediaType?.includes('json') ? JSON.parse(text) : text;
}

async function send(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new CallFailure({ code: 'unreachable', status: 0, cause: error });
  }
}

/** What the hub takes by no other name. */
const ownNames = ['text/calendar', 'text/csv'];

function contentType(body: unknown): Record<string, string> {
  if (body === undefined) return {};
  if (!(body instanceof Blob)) return { 'Content-Type': 'application/json' };
  // Browsers call archives by several names; bytes are bytes, but for what the hub takes by its own name alone.
  return { 'Content-Type': ownNames.includes(body.type) ? body.type : 'application/octet-stream' };
}
