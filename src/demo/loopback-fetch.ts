import type { LookupFunction } from 'node:net';
import { Agent, fetch as undiciFetch } from 'undici';

const toLoopback: LookupFunction = (_hostname, options, callback) => {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

/**
 * A fetch for the demo's own servers: browsers know that `*.localhost` is this machine (RFC 6761
 * §6.3), Node's resolver on many systems does not. Throws a TypeError for any other host.
 */
export function createLoopbackFetch(): typeof fetch {
  const dispatcher = new Agent({ connect: { lookup: toLoopback } });
  return (async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!/^(.+\.)?localhost$/.test(url.hostname))
      throw new TypeError('The demo fetches from localhost only.');
    return undiciFetch(url, { ...(init as object), dispatcher });
  }) as typeof fetch;
}
