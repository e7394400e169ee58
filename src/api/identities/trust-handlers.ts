import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { DomainError } from '../../platform/errors.ts';
import { getCertificates, getMetadata } from '../../sso/identities/trust.ts';
import { metadataLimits } from '../../sso/saml/xml/limits.ts';
import { addCertificate, setCertificateState } from '../../sso/saml-connections/certificates.ts';
import { activateNextKey, addNextKey, removeKey } from '../../sso/saml-connections/keys.ts';
import { acceptMetadata, giveMetadata, refreshMetadata } from '../../sso/saml-connections/metadata.ts';
import type { SsoOperation } from '../../sso/services.ts';
import type { Call, Handlers } from '../router.ts';
import { showCertificate, showMetadata } from './shown-saml.ts';
import { guardTrustOfAdmins, requireTrustOfAdmins } from './trust-of-admins.ts';

type TrustEndpoint =
  | 'listCertificates'
  | 'addCertificate'
  | 'activateCertificate'
  | 'retireCertificate'
  | 'showMetadata'
  | 'refreshMetadata'
  | 'giveMetadata'
  | 'acceptMetadata'
  | 'addNextKey'
  | 'activateNextKey'
  | 'removeKey';
type Endpoints = typeof endpoints;
/** A call about whom a connection trusts. */
type Trusting = Pick<Call<Endpoints['addCertificate']>, 'tenant' | 'params' | 'scopes' | 'by'>;

/** What is done for the endpoints about whom a SAML connection trusts, and by which keys the hub is known to it. */
export function trustHandlers(sso: SsoOperation): Pick<Handlers<Endpoints>, TrustEndpoint> {
  /** Refused before anything is read or asked, and in the transaction of the change: a way may be opened until then. */
  const guarded = async (call: Trusting) => {
    await requireTrustOfAdmins(sso.db.tenant(call.tenant.tenantId), idOf(call.params), call);
    return { ...sso, ...guardTrustOfAdmins(call) };
  };
  const changeCertificate =
    (state: 'active' | 'retired') =>
    async (call: Call<Endpoints['activateCertificate' | 'retireCertificate']>) => {
      const { tenant, params, by } = call;
      const choice = { fingerprint: params.fingerprint, state };
      const id = idOf(params);
      const changed = await setCertificateState(await guarded(call), tenant.tenantId, id, choice, by);
      return { certificate: showCertificate(changed) };
    };
  return {
    listCertificates: async ({ tenant, params }) => {
      const { theirs, ours } = await getCertificates(sso, tenant.tenantId, idOf(params));
      return { theirs: theirs.map(showCertificate), ours: ours.map(showCertificate) };
    },
    addCertificate: async (call) => {
      const { tenant, params, body, by } = call;
      const { certificate } = body;
      const added = await addCertificate(await guarded(call), tenant.tenantId, idOf(params), certificate, by);
      return { certificate: showCertificate(added) };
    },
    activateCertificate: changeCertificate('active'),
    retireCertificate: changeCertificate('retired'),
    showMetadata: async ({ tenant, params }) => ({
      metadata: showMetadata(await getMetadata(sso, tenant.tenantId, idOf(params))),
    }),
    refreshMetadata: async (call) => {
      const { tenant, params, by, signal } = call;
      const id = idOf(params);
      const refreshed = await refreshMetadata(await guarded(call), tenant.tenantId, id, by, signal);
      return { metadata: showMetadata(refreshed) };
    },
    giveMetadata: async (call) => {
      const { tenant, params, body, by } = call;
      const document = await readDocument(body);
      const given = await giveMetadata(await guarded(call), tenant.tenantId, idOf(params), document, by);
      return { metadata: showMetadata(given) };
    },
    acceptMetadata: async (call) => {
      const { tenant, params, body, by } = call;
      const { difference } = body;
      const accepted = await acceptMetadata(
        await guarded(call),
        tenant.tenantId,
        idOf(params),
        difference,
        by,
      );
      return { metadata: showMetadata(accepted) };
    },
    addNextKey: async ({ tenant, params, by }) => ({
      certificate: showCertificate(await addNextKey(sso, tenant.tenantId, idOf(params), by)),
    }),
    activateNextKey: async ({ tenant, params, by }) => ({
      certificate: showCertificate(await activateNextKey(sso, tenant.tenantId, idOf(params), by)),
    }),
    removeKey: async ({ tenant, params, by }) => {
      await removeKey(sso, tenant.tenantId, idOf(params), params.fingerprint, by);
      return { fingerprint: params.fingerprint.toLowerCase() };
    },
  };
}

/** A document of metadata, whole. @throws DomainError `body_too_large` */
async function readDocument(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > metadataLimits.bytes) {
      const message = `The document is larger than ${metadataLimits.bytes} bytes. Give that of one entity alone.`;
      throw new DomainError('too_large', 'body_too_large', message);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function idOf({ connectionId }: { connectionId: string }): ConnectionId {
  return connectionId as ConnectionId;
}
