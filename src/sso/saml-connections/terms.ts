import { presets } from '../saml/presets.ts';
import type { OwnSidePlace, ProtocolTerms } from '../services.ts';
import { placesOf } from './own-side.ts';
import { samlPresets, samlSettings } from './settings.ts';

/** What SAML connections are set up by. */
export const samlTerms: ProtocolTerms = { settings: samlSettings, presets: samlPresets, ownSide };

function ownSide({ baseUrl, slug, connectionId, preset }: OwnSidePlace) {
  const { entityId, acsUrl, sloUrl } = placesOf(baseUrl, slug, connectionId);
  const known = samlPresets.find((name) => name === preset) ?? 'generic';
  return {
    addresses: [
      { name: 'Metadata', value: entityId },
      { name: 'Entity ID (Identifier, Audience)', value: entityId },
      { name: 'Assertion consumer service (Reply URL, ACS URL)', value: acsUrl },
      { name: 'Single logout service (Logout URL)', value: sloUrl },
    ],
    advice: presets[known].advice,
  };
}
