import { secretNames, settingsSchema } from '../../../contracts/connector.ts';
import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { protocols } from '../../../contracts/sso.ts';
import { endSessionsOf } from '../../operators/school/ways.ts';
import {
  connectIdentity,
  getIdentity,
  listIdentities,
  setIdentityStatus,
  updateIdentity,
} from '../../sso/identities/identities.ts';
import type { Identity, IdentityStatus } from '../../sso/identities/identity.ts';
import { checkIdentity, describeOwnSide } from '../../sso/identities/other-side.ts';
import { watchAll, watchOne } from '../../sso/identities/warnings.ts';
import { makeTestLink } from '../../sso/requests/test-link.ts';
import type { SsoServices } from '../../sso/services.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { Call, Handlers } from '../router.ts';
import { showIdentity } from './shown.ts';
import { guardTrustOfAdmins } from './trust-of-admins.ts';

type IdentityEndpoint =
  | 'listIdentityProtocols'
  | 'listIdentities'
  | 'connectIdentity'
  | 'showIdentity'
  | 'updateIdentity'
  | 'pauseIdentity'
  | 'resumeIdentity'
  | 'disableIdentity'
  | 'checkIdentity'
  | 'showOwnSide'
  | 'makeTestLink';
type Endpoints = typeof endpoints;

/** What is done for the endpoints about identity connections. */
export function identityHandlers(sso: SsoServices): Pick<Handlers<Endpoints>, IdentityEndpoint> {
  const { db } = sso;
  const showOne = async ({ tenantId }: Tenant, identity: Identity) => ({
    identity: showIdentity(await watchOne(sso, tenantId, identity)),
  });
  const changeStatus =
    (status: IdentityStatus) =>
    async ({ tenant, params, scopes, by }: Call<Endpoints['pauseIdentity']>) => {
      // Somebody had a reason to stop it, such as a key that was lost.
      const guarded = status === 'active' ? { db, ...guardTrustOfAdmins({ scopes, by }) } : sso;
      return showOne(tenant, await setIdentityStatus(guarded, tenant.tenantId, idOf(params), status, by));
    };
  return {
    listIdentityProtocols: () => ({ protocols: showProtocols(sso) }),
    listIdentities: async ({ tenant }) => {
      const identities = await db.withTenant(tenant.tenantId, listIdentities);
      return { identities: (await watchAll(sso, tenant.tenantId, identities)).map(showIdentity) };
    },
    connectIdentity: async ({ tenant, body: { reason: _reason, ...input }, by }) =>
      showOne(tenant, await connectIdentity(sso, tenant.tenantId, input, by)),
    showIdentity: async ({ tenant, params }) =>
      showOne(tenant, await db.withTenant(tenant.tenantId, (tx) => getIdentity(tx, idOf(params)))),
    updateIdentity: async ({ tenant, params, body: { reason: _reason, ...changes }, scopes, by }) => {
      const id = idOf(params);
      const guarded =
        changes.settings === undefined ? sso : { ...sso, ...guardTrustOfAdmins({ scopes, by }) };
      return showOne(tenant, await updateIdentity(guarded, tenant.tenantId, id, changes, by));
    },
    pauseIdentity: changeStatus('paused'),
    resumeIdentity: changeStatus('active'),
    disableIdentity: async (call) => {
      const reply = await changeStatus('disabled')(call);
      await endSessionsOf({ db }, call.tenant.tenantId, idOf(call.params), call.by);
      return reply;
    },
    checkIdentity: async ({ tenant, params }) => {
      const { isWell, steps } = await checkIdentity(sso, tenant, idOf(params));
      const shown = steps.map(({ reason = null, advice = null, ...step }) => ({ ...step, reason, advice }));
      return { well: isWell, steps: shown };
    },
    showOwnSide: async ({ tenant, params }) => {
      const ownSide = await describeOwnSide(sso, tenant, idOf(params));
      return { addresses: [...(ownSide?.addresses ?? [])], advice: ownSide?.advice ?? null };
    },
    makeTestLink: async ({ tenant, params, by }) => {
      const { address, expiresAt } = await makeTestLink(sso, tenant, idOf(params), by);
      return { address, expiresAt: expiresAt.toISOString() };
    },
  };
}

function idOf({ connectionId }: { connectionId: string }): ConnectionId {
  return connectionId as ConnectionId;
}

function showProtocols({ protocols: terms }: Pick<SsoServices, 'protocols'>) {
  return protocols.map((protocol) => {
    const { settings, presets, suggested = {} } = terms[protocol];
    return {
      protocol,
      presets: [...presets],
      suggested: { ...suggested },
      settings: settingsSchema(settings),
      secrets: secretNames(settings),
    };
  });
}
