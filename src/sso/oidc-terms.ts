import { takeSteps } from './checked-steps.ts';
import { addressesOf, toOidcConnection } from './oidc/connection.ts';
import { createProviders, type DiscoveryServices } from './oidc/discovery.ts';
import { createProviderKeys } from './oidc/keys.ts';
import { oidcPresets } from './oidc/presets.ts';
import { Refusal } from './oidc/refusal.ts';
import { issuerOf, oidcSettings } from './oidc/settings.ts';
import type { CheckedStep, OpenedIdentity, OwnSide, OwnSidePlace, ProtocolTerms } from './services.ts';

/** What OpenID connections are set up by, and how they are looked over. */
export function createOidcTerms(services: DiscoveryServices): ProtocolTerms {
  return {
    settings: oidcSettings,
    presets: Object.keys(oidcPresets),
    suggested: Object.fromEntries(
      Object.entries(oidcPresets).map(([name, { settings }]) => [name, settings]),
    ),
    ownSide,
    check: (opened) => checkProvider(services, opened),
  };
}

function ownSide({ slug, connectionId, preset, baseUrl }: OwnSidePlace): OwnSide {
  const { redirectUri, signedOutUri, backChannelLogoutUri } = addressesOf(slug, connectionId, baseUrl);
  const known = Object.entries(oidcPresets).find(([name]) => name === preset)?.[1] ?? oidcPresets.generic;
  return {
    addresses: [
      { name: 'Redirect URI (callback, reply URL)', value: redirectUri },
      { name: 'Post-logout redirect URI', value: signedOutUri },
      { name: 'Back-channel logout URI', value: backChannelLogoutUri },
    ],
    advice: known.advice,
  };
}

/** Whether the provider describes itself, and shows keys. Asked anew: nothing remembered answers. */
async function checkProvider(
  services: DiscoveryServices,
  { tenant, identity }: OpenedIdentity,
): Promise<readonly CheckedStep[]> {
  // Our own addresses are not asked for.
  const connection = toOidcConnection(tenant, identity, '');
  const { settings } = connection;
  const { take, steps } = takeSteps((error) =>
    error instanceof Refusal ? { reason: error.reason } : undefined,
  );
  const provider = await take(issuerOf(settings), 'discovery', () =>
    createProviders(services).find(connection),
  );
  const [algorithm = 'RS256'] = settings.algorithms;
  // HS256 is signed with the client's secret: the provider shows no key for it.
  if (provider === undefined || algorithm === 'HS256') return steps;
  const { jwksUri: url } = provider;
  await take(url, 'keys', () =>
    createProviderKeys(services).find({ owner: identity.connectionId, url }, { alg: algorithm }),
  );
  return steps;
}
