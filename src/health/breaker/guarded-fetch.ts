import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import type { Breakers } from './breakers.ts';
import { decideCallEnd } from './call-end.ts';
import { passBreaker } from './pass.ts';

/**
 * The outbound call for work that can wait: a host that is down is not asked, and whoever asks is told when to come back. A call
 * that redirects counts for the host it began at.
 *
 * @param decideEnd what an end of such a call says of the host
 * @throws DomainError upstream `outbound_host_down`; else as the call
 */
export function guardByBreaker(
  call: OutboundFetch,
  breakers: Breakers,
  decideEnd = decideCallEnd,
): OutboundFetch {
  return async (request) => {
    // What is no address is the call's own to refuse.
    if (!URL.canParse(request.url)) return call(request);
    return passBreaker(breakers, new URL(request.url).host, () => call(request), decideEnd);
  };
}
