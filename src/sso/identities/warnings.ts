import type { TenantId } from '../../../contracts/ids.ts';
import { type ConnectionWarning, listCertificateWarnings } from '../saml-connections/warnings.ts';
import type { SsoServices } from '../services.ts';
import type { Identity } from './identity.ts';

/** A connection with what somebody has to look after before people cannot sign in by it. */
export interface WatchedIdentity extends Identity {
  /** Certificates, the first to end first; none of a connection that is disabled. */
  warnings: CertificateNotice[];
}

export interface CertificateNotice extends Pick<ConnectionWarning, 'whose' | 'subject'> {
  kind: ConnectionWarning['warning']['kind'];
  fingerprint: string;
  validTo: Date;
  /** The nearest of 60, 30, 14, 7 and 1 days before its end that was reached. */
  days: number | null;
  /** In which it ends: then nobody should have to change it. */
  term: string | null;
}

type Deps = Pick<SsoServices, 'db' | 'clock' | 'termsOf'>;

/** Connections of one tenant with what is to be warned of. */
export async function watchAll(
  deps: Deps,
  tenantId: TenantId,
  identities: readonly Identity[],
): Promise<WatchedIdentity[]> {
  const isSaml = identities.some(({ protocol }) => protocol === 'saml');
  const terms = isSaml && deps.termsOf !== undefined ? await deps.termsOf(tenantId) : [];
  const all = isSaml ? await listCertificateWarnings(deps, tenantId, terms) : [];
  return identities.map((identity) => {
    const warnings = all.filter(({ connectionId }) => connectionId === identity.connectionId);
    return { ...identity, warnings: warnings.map(toNotice) };
  });
}

/** As `watchAll`, for one. */
export async function watchOne(deps: Deps, tenantId: TenantId, identity: Identity): Promise<WatchedIdentity> {
  const [watched] = await watchAll(deps, tenantId, [identity]);
  return watched ?? { ...identity, warnings: [] };
}

function toNotice({ whose, subject, notAfter: validTo, warning }: ConnectionWarning): CertificateNotice {
  const { kind, fingerprint } = warning;
  const days = kind === 'expires' ? warning.days : null;
  const term = kind === 'inside_term' ? warning.term : null;
  return { whose, kind, fingerprint, subject, validTo, days, term };
}

/** A warning in a sentence, with what to do. */
export function describeNotice({ whose, kind, subject, validTo, days, term }: CertificateNotice): string {
  const what = whose === 'theirs' ? 'Their certificate' : 'The certificate of our key';
  const day = validTo.toISOString().slice(0, 10);
  const when = {
    expired: `has ended on ${day}`,
    expires: `ends on ${day}, in ${days === 1 ? 'a day' : `${days} days`} or less`,
    inside_term: `ends on ${day}, within ${term}`,
  }[kind];
  const next =
    whose === 'theirs'
      ? 'Ask the institution when it changes, and read its metadata or add the next one before.'
      : 'Begin a change: identity key-next.';
  return `${what} (${subject}) ${when}. ${next}`;
}
