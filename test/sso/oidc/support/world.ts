import { generateKeyPair } from 'jose';
import type { z } from 'zod';
import { type ConnectionId, newId, type TenantId } from '../../../../contracts/ids.ts';
import { newHandle } from '../../../../src/platform/handle.ts';
import type { OutboundOptions } from '../../../../src/platform/outbound/fetch.ts';
import type { OidcConnection } from '../../../../src/sso/oidc/connection.ts';
import { createOidc, type Oidc } from '../../../../src/sso/oidc/oidc.ts';
import type { OidcReason } from '../../../../src/sso/oidc/reasons.ts';
import { oidcSettings } from '../../../../src/sso/oidc/settings.ts';
import type { OidcExpectations } from '../../../../src/sso/oidc/start.ts';
import type { SignInResult } from '../../../../src/sso/sign-in.ts';
import { openOutbound } from '../../../platform/outbound/loopback-server.ts';
import { makeKey } from './keys.ts';
import { type Provider, type ProviderOptions, startProvider } from './provider.ts';

export type SettingsInput = Partial<z.input<typeof oidcSettings>>;
type Result = SignInResult<OidcReason>;

export const clientSecret = 'a secret: with a colon, and 40 characters!';

const [ours, key] = await Promise.all([generateKeyPair('RS256'), makeKey('key-1')]);

export interface Started {
  connection: OidcConnection;
  handle: string;
  location: string;
  expectations: OidcExpectations;
}

export interface World {
  provider: Provider;
  oidc: Oidc;
  connection: OidcConnection;
  clock: { now(): number; time: number };
  start(connection?: OidcConnection): Promise<Started>;
  /** Brings an answer back to the connection it was begun at. */
  receive(started: Started, query?: Record<string, unknown>): Promise<Result>;
  /** All of it: there, the person signs in, back. */
  signIn(connection?: OidcConnection): Promise<Result>;
}

export interface WorldOptions {
  settings?: SettingsInput;
  provider?: Partial<ProviderOptions>;
  outbound?: Partial<OutboundOptions>;
  discoveryTimeoutMs?: number;
}

/** The hub's side of OpenID Connect, and a provider, for one test. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const clock = { time: Date.parse('2026-11-21T08:00:00Z'), now: () => clock.time };
  const provider = await startProvider({ now: clock.now, key, clientSecret, ...options.provider });
  const oidc = createOidc({
    fetch: openOutbound(options.outbound),
    clock,
    allowLoopback: true,
    signer: { signingKey: async () => ({ kid: 'hub', key: ours.privateKey }) },
    ...(options.discoveryTimeoutMs !== undefined && { discoveryTimeoutMs: options.discoveryTimeoutMs }),
  });
  const connection = connectTo(provider.issuer, options.settings);
  const world: World = {
    provider,
    oidc,
    connection,
    clock,
    async start(at = connection) {
      const handle = newHandle();
      const started = await oidc.start(at, handle);
      if (!started.ok) throw new Error(`not started: ${started.reason}`);
      return { connection: at, handle, location: started.location, expectations: started.expectations };
    },
    receive: ({ connection: at, handle, location, expectations }, query = provider.authorize(location)) =>
      oidc.receive({ connection: at, query, handle, expectations }),
    signIn: async (at) => world.receive(await world.start(at)),
  };
  return world;
}

/** A connection of a tenant of its own. */
export function connectTo(issuer: string, settings: SettingsInput = {}): OidcConnection {
  return {
    tenantId: newId<TenantId>(0),
    connectionId: newId<ConnectionId>(0),
    version: 1,
    settings: oidcSettings.parse({ issuer, clientId: 'client-1', clientSecret, ...settings }),
    redirectUri: 'https://hub.example/t/school/oidc/1/callback',
    signedOutUri: 'https://hub.example/t/school/signed-out',
  };
}

/** How it ended: the reason, or the subject. */
export function ending(result: Result): string {
  return result.accepted ? `accepted ${result.signedIn.subject}` : result.reason;
}
