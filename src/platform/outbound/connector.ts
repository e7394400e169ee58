import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { DomainError } from '../errors.ts';
import { classifyAddress } from './address.ts';
import { isLocalhostName, schemeRefused } from './url.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a host name; rejects, or answers none, when the name does not exist. */
export type Lookup = (host: string) => Promise<readonly ResolvedAddress[]>;

export interface ConnectorOptions {
  readonly allowLoopback: boolean;
  readonly lookup?: Lookup;
  /** PEM certificates trusted instead of the built-in authorities. */
  readonly certificateAuthorities?: string;
}

type Scheme = 'https:' | 'http:';

const connectTimeoutMs = 10_000;

const resolveBySystem: Lookup = (host) => systemLookup(host, { all: true });

/**
 * The only way a socket is opened. The name is resolved once per connection, every address is judged,
 * and the socket is given those very addresses, so no second answer of the name server (DNS rebinding)
 * is ever used. Refusals reach the request as its error.
 */
export function createGuardedConnector(options: ConnectorOptions): buildConnector.connector {
  const resolve = options.lookup ?? resolveBySystem;
  const guards = { 'https:': createGuard('https:'), 'http:': createGuard('http:') };

  return (target, callback) => {
    const guard = guards[target.protocol === 'http:' ? 'http:' : 'https:'];
    // The network layer asks no resolver for a literal address, so it is judged here.
    if (isIP(target.hostname) !== 0) {
      const refusal = guard.refuse(target.hostname, [target.hostname]);
      if (refusal !== undefined) return callback(refusal, null);
    }
    guard.dial(target, callback);
  };

  function createGuard(scheme: Scheme) {
    const refuse = (host: string, addresses: readonly string[]) =>
      findRefusal(scheme, host, addresses, options.allowLoopback);

    const resolveChecked = async (host: string): Promise<ResolvedAddress[]> => {
      const addresses = isLocalhostName(host) ? ['127.0.0.1'] : await resolveName(resolve, host);
      const refusal = refuse(host, addresses);
      if (refusal !== undefined) throw refusal;
      return addresses.map((address) => ({ address, family: isIP(address) }));
    };

    const lookup: LookupFunction = (host, lookupOptions, done) => {
      resolveChecked(host).then(
        (resolved) => {
          const [first] = resolved;
          if (lookupOptions.all === true || first === undefined) done(null, resolved);
          else done(null, first.address, first.family);
        },
        (error: Error) => done(error, ''),
      );
    };

    const dial = buildConnector({
      // One request per connection at a time keeps the time and size limits independent of each other.
      allowH2: false,
      timeout: connectTimeoutMs,
      // Said here so that no environment variable can switch the check off.
      rejectUnauthorized: true,
      lookup,
      ...(options.certificateAuthorities === undefined ? {} : { ca: options.certificateAuthorities }),
    });
    return { refuse, dial };
  }
}

/**
 * The addresses to connect to for what speaks no HTTP, at least one, judged as those of calls are.
 *
 * @param options.permits names addresses that an operator lets be reached besides
 * @throws DomainError input: outbound_address_refused; upstream: outbound_dns_failed
 */
export async function resolveAddresses(
  host: string,
  options: {
    allowLoopback: boolean;
    lookup?: Lookup | undefined;
    permits?: ((address: string) => boolean) | undefined;
  },
): Promise<string[]> {
  const { permits = () => false } = options;
  const literal = isIP(host) === 0 ? undefined : [host];
  const named = isLocalhostName(host) ? ['127.0.0.1'] : undefined;
  const addresses = literal ?? named ?? (await resolveName(options.lookup ?? resolveBySystem, host));
  const doubtful = addresses.filter((address) => !permits(address));
  const refusal = findRefusal('https:', host, doubtful, options.allowLoopback);
  if (refusal !== undefined) throw refusal;
  return addresses;
}

async function resolveName(lookup: Lookup, host: string): Promise<string[]> {
  let answers: readonly ResolvedAddress[];
  try {
    answers = await lookup(host);
  } catch (cause) {
    throw nameNotFound(host, cause);
  }
  if (answers.length === 0) throw nameNotFound(host);
  return answers.map((answer) => answer.address);
}

/** One refused address refuses the name: which of several is connected to is not ours to choose. */
function findRefusal(
  scheme: Scheme,
  host: string,
  addresses: readonly string[],
  allowLoopback: boolean,
): DomainError | undefined {
  const kinds = addresses.map(classifyAddress);
  if (kinds.includes('special') || (kinds.includes('loopback') && !allowLoopback)) {
    // The address itself stays out of the message: it would map the inside of the network.
    return new DomainError(
      'input',
      'outbound_address_refused',
      'This host is not on the public internet. Give an address that can be reached from outside.',
      { details: { host } },
    );
  }
  if (scheme === 'http:' && kinds.includes('public')) return schemeRefused(host);
  return undefined;
}

function nameNotFound(host: string, cause?: unknown): DomainError {
  return new DomainError(
    'upstream',
    'outbound_dns_failed',
    'The host name could not be resolved. Check its spelling, or try again later.',
    { cause, details: { host } },
  );
}
