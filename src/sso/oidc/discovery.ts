import { createCache } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import type { OidcConnection } from './connection.ts';
import { type Provider, readProvider } from './provider.ts';
import { Refusal, refusedCall } from './refusal.ts';
import { issuerOf } from './settings.ts';

export interface DiscoveryServices {
  fetch: OutboundFetch;
  clock: Clock;
  /** Lets providers stand on this machine: for demo and tests only. */
  allowLoopback: boolean;
  /** How long a provider may take to describe itself, in milliseconds. Default 5,000. */
  discoveryTimeoutMs?: number;
}

/** The providers behind connections, as they describe themselves. */
export interface Providers {
  /** @throws Refusal `discovery_…`, `address_refused`, `tls_failed` */
  find(connection: OidcConnection): Promise<Provider>;
}

const freshMs = 3_600_000;
/** A description outlives a provider's bad day. */
const keptMs = 24 * 3_600_000;
/** With the provider down, so often is it asked again, whatever the number of people at the door. */
const againMs = 5_000;
const usualTimeoutMs = 5_000;
const maxBytes = 256 * 1024;
/** Connections kept; the one least recently used goes first. */
const capacity = 5_000;

type Outcome = { provider: Provider; isOld: boolean } | { refusal: Refusal };

/**
 * Reads discovery documents: one call at a time per connection, remembered for an hour, forgotten when its settings change.
 */
export function createProviders(services: DiscoveryServices): Providers {
  const { fetch, clock, allowLoopback, discoveryTimeoutMs: timeoutMs = usualTimeoutMs } = services;
  const outcomes = createCache<Outcome>({
    capacity,
    clock,
    timeToLiveMs: (outcome) => ('provider' in outcome && !outcome.isOld ? freshMs : againMs),
  });
  const lastGood = createCache<Provider>({ capacity, clock, timeToLiveMs: keptMs });

  async function load(key: string, issuer: string): Promise<Outcome> {
    try {
      const provider = await read(issuer);
      lastGood.set(key, provider);
      return { provider, isOld: false };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const provider = lastGood.peek(key);
      // Only an unreachable one is believed to be as it was.
      const isPassing = error.reason === 'discovery_unreachable' || error.reason === 'tls_failed';
      return provider !== undefined && isPassing ? { provider, isOld: true } : { refusal: error };
    }
  }

  async function read(issuer: string): Promise<Provider> {
    const url = discoveryAddress(issuer);
    let document: unknown;
    try {
      const response = await fetch({
        url,
        headers: { accept: 'application/json' },
        timeoutMs,
        maxBytes,
        redirects: 2,
      });
      if (response.status !== 200) {
        const reason = response.status >= 500 ? 'discovery_unreachable' : 'discovery_invalid';
        throw new Refusal(reason, `a discovery document at ${url}`, `status ${response.status}`);
      }
      document = response.json();
    } catch (error) {
      const reasons = { unreachable: 'discovery_unreachable', invalid: 'discovery_invalid' } as const;
      throw refusedCall(error, `a discovery document at ${url}`, reasons);
    }
    return readProvider(document, issuer, allowLoopback);
  }

  return {
    async find({ tenantId, connectionId, version, settings }) {
      const key = JSON.stringify([tenantId, connectionId, version]);
      const outcome = await outcomes.get(key, () => load(key, issuerOf(settings)));
      if ('refusal' in outcome) throw outcome.refusal;
      return outcome.provider;
    },
  };
}

/** OpenID Connect Discovery 1.0 §4.1. */
function discoveryAddress(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}
