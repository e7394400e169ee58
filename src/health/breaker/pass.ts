import type { Breakers } from './breakers.ts';
import { type CallEnd, hostDown } from './call-end.ts';

/**
 * Does something with another server unless that is down, and notes what it said of the server.
 *
 * @param host under which it is known, as in an address: with its port where that is not the usual one; `tool/<slug>` for one
 *   tool by itself
 * @throws DomainError upstream `outbound_host_down`; else as the work
 */
export async function passBreaker<Result extends object | undefined>(
  breakers: Breakers,
  host: string,
  work: () => Promise<Result>,
  decideEnd: (end: Result | { error: unknown }) => CallEnd,
): Promise<Result> {
  const admission = await breakers.admit(host);
  if (admission.kind === 'wait') throw hostDown(host, admission.until);
  const { isTrial } = admission;
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    await breakers.note(host, decideEnd({ error }), isTrial);
    throw error;
  }
  await breakers.note(host, decideEnd(result), isTrial);
  return result;
}
