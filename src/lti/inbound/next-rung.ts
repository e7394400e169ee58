import { cookieId, hashSecret } from '../../platform/handle.ts';
import { newWindowPage } from '../pages/new-window-page.ts';
import { storageGetPage } from '../pages/storage-pages.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { launchUrl, loginUrl } from './addresses.ts';
import { findLogin } from './login-store.ts';
import type { ProvenLaunch } from './proven-launch.ts';

/**
 * A launch came without proof of its browser: the next rung of the ladder, which leaves the login in place.
 * First the LMS's storage, when the login offered one and it was not asked yet; then a window of its own, where
 * the login starts again with a first-party cookie.
 *
 * @returns undefined when there is nothing to climb: the login is gone, or the registration waives the proof
 */
export async function nextRung(services: LtiServices, launch: ProvenLaunch): Promise<Reply | undefined> {
  const { request, state, registration } = launch;
  const { arrival: tenant, body } = request;
  const tx = tenant === undefined ? services.db.hub() : services.db.tenant(tenant.tenantId);
  const login = await findLogin(tx, state.hash);
  if (login === undefined) return undefined;
  // The token must belong to this login before its page says anything.
  if (!login.nonceHash.equals(hashSecret(launch.claims.nonce))) return undefined;

  const { baseUrl } = services;
  const newWindow = {
    action: loginUrl(baseUrl, tenant),
    fields: { ...login.request } as Record<string, string>,
  };
  const { frameAncestors, requireBrowserProof } = registration.settings;
  const page = { kind: 'page', frameAncestors, tenantLocale: tenant?.locale } as const;
  const askStorage = login.storageTarget !== undefined && body.storage_proof === undefined;
  if (askStorage) {
    const { authorizeUrl } = registration;
    const storage = { frame: login.storageTarget ?? '_parent', authorizeUrl, key: cookieId(state.hash) };
    const fields = { id_token: String(body.id_token), state: String(body.state) };
    const again = { action: launchUrl(baseUrl, tenant), fields };
    // Where the proof is waived, a storage that gives nothing back stands in nobody's way.
    const options = {
      storage,
      launch: again,
      proofField: 'storage_proof',
      ...(requireBrowserProof && { newWindow }),
    };
    return { ...page, render: (environment) => storageGetPage(environment, options) };
  }
  if (!requireBrowserProof) return undefined;
  return { ...page, render: (environment) => newWindowPage(environment, { open: newWindow }) };
}
