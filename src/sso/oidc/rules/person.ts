import { isStorable } from '../../../lti/claims.ts';
import { check, type OidcCheck } from '../check.ts';
import { type Claims, textOf } from '../claims.ts';
import type { OidcConnection } from '../connection.ts';
import type { OidcSettings } from '../settings.ts';
import type { SignedToken } from '../signature.ts';

/** OpenID Connect Core 1.0 §2. */
const longestSubject = 255;

/** Whether one person is named, by a key that never changes, of the institution itself. */
export function checkPerson({
  token,
  connection,
}: {
  readonly token: SignedToken;
  readonly connection: OidcConnection;
}): OidcCheck[] {
  const { settings } = connection;
  const { claims } = token;
  const sub = textOf(claims, 'sub');
  const hasSub = sub !== undefined && isKey(sub);
  const hasKey = hasSub && subjectOf(claims, settings) !== undefined;
  const name = usesOid(settings) ? 'sub and oid' : 'sub';
  return [check('subject', hasKey, name, sub), ...checkTenant(claims, settings)];
}

/**
 * The key of the person. Never an e-mail address or a user principal name: whoever administers another directory can set them
 * to somebody else's.
 */
export function subjectOf(claims: Claims, settings: OidcSettings): string | undefined {
  const { tenant } = settings;
  if (tenant.kind !== 'entra' || tenant.subject === 'sub') return textOf(claims, 'sub');
  const oid = textOf(claims, 'oid');
  // Only the tenant's own id passes the rule below.
  return oid !== undefined && isKey(oid) ? `${tenant.tenantId}:${oid.toLowerCase()}` : undefined;
}

function isKey(value: string): boolean {
  return value.length <= longestSubject && isStorable(value);
}

function usesOid({ tenant }: OidcSettings): boolean {
  return tenant.kind === 'entra' && tenant.subject === 'oid';
}

/** Where one issuer, or one client, serves many institutions. */
function checkTenant(claims: Claims, { tenant }: OidcSettings): OidcCheck[] {
  if (tenant.kind === 'entra') {
    const tid = textOf(claims, 'tid');
    return [check('tenant', tid?.toLowerCase() === tenant.tenantId, tenant.tenantId, tid)];
  }
  if (tenant.kind === 'google') {
    // The claim, never the domain of the address: a personal account can have an address of the school's.
    const hd = textOf(claims, 'hd');
    const passed = hd !== undefined && tenant.domains.includes(hd.toLowerCase());
    return [check('hosted_domain', passed, tenant.domains.join(' or '), hd)];
  }
  return [];
}
