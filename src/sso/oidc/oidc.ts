import type { SignInResult } from '../sign-in.ts';
import { type ReceivedAnswer, receiveAnswer } from './callback.ts';
import type { OidcCheck } from './check.ts';
import type { OidcConnection } from './connection.ts';
import { createProviders, type DiscoveryServices } from './discovery.ts';
import { createProviderKeys } from './keys.ts';
import { logoutAddress, type ReceivedLogout, receiveLogout } from './logout.ts';
import type { Provider } from './provider.ts';
import type { OidcReason } from './reasons.ts';
import { Refusal } from './refusal.ts';
import { type StartedSignIn, startSignIn } from './start.ts';
import type { TokenRequestServices } from './token-request.ts';

export interface OidcServices extends DiscoveryServices, TokenRequestServices {}

/** Signing in at OpenID providers. Nothing here throws for what a provider or a person does wrong. */
export interface Oidc {
  /** Where the browser goes, and what to keep until it comes back. `handle` goes out as `state`. */
  start(
    connection: OidcConnection,
    handle: string,
  ): Promise<
    | ({ readonly ok: true } & StartedSignIn)
    | { readonly ok: false; readonly reason: OidcReason; readonly checks: readonly OidcCheck[] }
  >;
  receive(answer: ReceivedAnswer): Promise<SignInResult<OidcReason>>;
  /** Where signing out there happens, for a browser whose session here has ended; undefined: nowhere. */
  logoutAddress(
    connection: OidcConnection,
    session: Readonly<Record<string, string>> | undefined,
  ): Promise<string | undefined>;
  receiveLogout(connection: OidcConnection, logoutToken: string): Promise<ReceivedLogout>;
}

/** Asks nobody yet. */
export function createOidc(services: OidcServices): Oidc {
  const { clock } = services;
  const providers = createProviders(services);
  const keys = createProviderKeys(services);

  /** The refusal where it cannot be found out. */
  async function findProvider(connection: OidcConnection): Promise<Provider | Refusal> {
    try {
      return await providers.find(connection);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  return {
    start: async (connection, handle) => {
      const provider = await findProvider(connection);
      if (provider instanceof Refusal)
        return { ok: false, reason: provider.reason, checks: [provider.check()] };
      return { ok: true, ...startSignIn(connection, provider, { handle, now: clock.now() }) };
    },
    receive: (answer) => receiveAnswer({ ...services, providers, keys }, answer),
    logoutAddress: async (connection, session) => {
      const provider = await findProvider(connection);
      return provider instanceof Refusal ? undefined : logoutAddress(connection, provider, session);
    },
    receiveLogout: (connection, logoutToken) =>
      receiveLogout({ providers, keys, now: clock.now() }, connection, logoutToken),
  };
}
