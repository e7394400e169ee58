import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import type { Breakers } from './breakers.ts';
import { decideCallEnd, hostDown } from './call-end.ts';

/**
 * The outbound call for work that can wait: a host that is down is not asked, and whoever asks is told when to come back. A call
 * that redirects counts for the host it began at.
 *
 * @throws DomainError upstream `outbound_host_down`; else as the call
 */
export function guardByBreaker(call: OutboundFetch, breakers: Breakers): OutboundFetch {
  return async (request) => {
    // What is no address is the call's own to refuse.
    if (!URL.canParse(request.url)) return call(request);
    const { host } = new URL(request.url);
    const admission = await breakers.admit(host);
    if (admission.kind === 'wait') throw hostDown(host, admission.until);
    const { isTrial } = admission;
    try {
      const response = await call(request);
      await breakers.note(host, decideCallEnd(response), isTrial);
      return response;
    } catch (error) {
      await breakers.note(host, decideCallEnd({ error }), isTrial);
      throw error;
    }
  };
}
