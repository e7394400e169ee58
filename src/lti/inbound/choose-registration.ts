import type { ReasonCode } from '../reasons.ts';

interface Candidate {
  connectionId: string;
  issuer: string;
  clientId: string;
  status: string;
}

export type Choice<Registration> =
  | { ok: true; registration: Registration }
  | {
      ok: false;
      reason: ReasonCode /** Several fit; the deployment may tell them apart. */;
      candidates: Registration[];
    };

/**
 * Chooses the registration a login is for, by the exact strings of issuer and client_id (some issuers end
 * with a slash). Without a client_id, which LTI Core §4.1.3 lets an LMS leave out, a sole registration of the
 * issuer is meant.
 */
export function chooseRegistration<Registration extends Candidate>(
  registrations: readonly Registration[],
  issuer: string,
  clientId: string | undefined,
): Choice<Registration> {
  const candidates = registrations.filter(
    (each) => each.issuer === issuer && (clientId === undefined || each.clientId === clientId),
  );
  const active = candidates.filter((each) => each.status === 'active');
  const [sole, ...others] = active;
  if (sole !== undefined && others.length === 0) return { ok: true, registration: sole };
  if (sole !== undefined) return { ok: false, reason: 'client_id_ambiguous', candidates: active };
  return {
    ok: false,
    reason: candidates.length > 0 ? 'registration_disabled' : 'issuer_unknown',
    candidates: [],
  };
}
