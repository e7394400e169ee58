import type { TenantId } from '../../contracts/ids.ts';
import { DomainError } from '../platform/errors.ts';
import { takeSteps } from './checked-steps.ts';
import type { Identity } from './identities/identity.ts';
import { listCertificates } from './saml-connections/certificates.ts';
import { fetchMetadata } from './saml-connections/fetch-metadata.ts';
import { findMetadataView } from './saml-connections/metadata.ts';
import type { SamlServices } from './saml-connections/services.ts';
import { type SamlSettings, samlSettings } from './saml-connections/settings.ts';
import { samlTerms } from './saml-connections/terms.ts';
import type { CheckedStep, OpenedIdentity, ProtocolTerms } from './services.ts';

type Deps = Pick<SamlServices, 'db' | 'clock' | 'fetch'>;

/** What SAML connections are set up by, and how they are looked over. */
export function createSamlTerms(deps: Deps): ProtocolTerms {
  return { ...samlTerms, check: (opened) => checkSaml(deps, opened) };
}

/** Whether their metadata can be read now, and what is kept of it is good for signing in. Nothing of it is kept. */
async function checkSaml(
  deps: Deps,
  { tenant: { tenantId }, identity }: OpenedIdentity,
): Promise<readonly CheckedStep[]> {
  const { metadata: source } = samlSettings.parse(identity.settings);
  const { take, steps } = takeSteps((error) =>
    error instanceof DomainError ? { reason: error.code, advice: error.message } : undefined,
  );
  const view = await findMetadataView(deps, tenantId, identity.connectionId);
  if (source.from === 'url' || source.from === 'mdq') {
    const address = source.from === 'url' ? source.url : source.base;
    await take(address, 'metadata', () => fetchMetadata(deps, source, view?.current.entityId));
  }
  return [...steps, await inUse(deps, source, view), await certificates(deps, tenantId, identity)];
}

type View = Awaited<ReturnType<typeof findMetadataView>>;

async function inUse(
  { clock }: Pick<Deps, 'clock'>,
  source: SamlSettings['metadata'],
  view: View,
): Promise<CheckedStep> {
  const step = { at: view?.current.entityId ?? source.entityId ?? source.from, step: 'in_use', ms: 0 };
  if (source.from === 'fields') return step;
  if (view === undefined) return { ...step, reason: 'metadata_missing' };
  const isOver = view.validUntil !== null && view.validUntil.getTime() <= clock.now();
  return isOver ? { ...step, reason: 'metadata_expired' } : step;
}

async function certificates(
  { db }: Pick<Deps, 'db'>,
  tenantId: TenantId,
  { connectionId, name }: Identity,
): Promise<CheckedStep> {
  const known = await listCertificates(db.tenant(tenantId), connectionId);
  const counting = known.filter(({ state }) => state !== 'retired');
  const step = { at: name, step: 'certificates', ms: 0 };
  if (counting.length > 0) return step;
  const advice =
    'No certificate of theirs counts, so that nobody can sign in. Read their metadata, or add one.';
  return { ...step, reason: 'certificate_missing', advice };
}
