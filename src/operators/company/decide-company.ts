import { createHash } from 'node:crypto';
import { type HubRole, hubRoles } from '../../../contracts/http/roles.ts';
import type { SignedIn } from '../../sso/sign-in.ts';
import { normaliseEmail, type Operator } from '../operator.ts';

/** From a value of the claim to a role; without any, invitations say what people may do. */
export type RoleMapping = Readonly<Record<string, HubRole>>;

/** What the company's provider says of somebody, as far as it counts. */
export interface CompanyPerson {
  /** Opaque: of issuer and subject, since a subject is somebody at its issuer alone (OpenID Connect Core 1.0 §5.7). */
  subject: string;
  name: string;
  email: string | undefined;
  /** The provider says that it has proved the address (OpenID Connect Core 1.0 §5.1). */
  isProved: boolean;
  groups: readonly string[];
}

/** What accounts have room for: an address that is longer is none (RFC 5321 §4.5.3.1.3). */
const longest = { name: 200, email: 254 } as const;

export function toCompanyPerson(signedIn: SignedIn): CompanyPerson {
  const { issuer, subject, attributes, groups } = signedIn;
  const isProved = attributes.email_verified?.[0] === 'true';
  const address = normaliseEmail(signedIn.email ?? '');
  const email = address.length >= 3 && address.length <= longest.email ? address : undefined;
  const name = signedIn.name?.trim() || (email ?? subject);
  return {
    subject: createHash('sha256')
      .update(JSON.stringify([issuer, subject]))
      .digest('base64url'),
    name: name.slice(0, longest.name),
    email,
    isProved,
    groups,
  };
}

export type CompanyDecision =
  | { kind: 'let_in'; operator: Operator; roles: readonly HubRole[] | undefined; link: boolean }
  | { kind: 'add'; email: string; roles: readonly HubRole[] | undefined; invited: boolean }
  | { kind: 'refuse'; code: 'company_unknown' | 'company_no_role' | 'company_disabled' };

/**
 * Whether somebody whom the company's provider vouches for comes in. Where groups are mapped to roles, these decide each time; otherwise
 * somebody needs an account, or an invitation to the address that the provider has proved.
 *
 * @param known the account the provider's subject is tied to already
 * @param byEmail the account of the same address, which counts where the address is proved
 */
export function decideCompany(
  person: CompanyPerson,
  mapping: RoleMapping,
  found: { known: Operator | undefined; byEmail: Operator | undefined; isInvited: boolean },
): CompanyDecision {
  const isMapped = Object.keys(mapping).length > 0;
  const given = new Set(
    person.groups.flatMap((group) => (Object.hasOwn(mapping, group) ? [mapping[group]] : [])),
  );
  const roles = isMapped ? hubRoles.filter((role) => given.has(role)) : undefined;
  if (roles?.length === 0) return { kind: 'refuse', code: 'company_no_role' };
  const operator = found.known ?? (person.isProved ? found.byEmail : undefined);
  if (operator !== undefined) {
    if (operator.status !== 'active') return { kind: 'refuse', code: 'company_disabled' };
    return { kind: 'let_in', operator, roles, link: found.known === undefined };
  }
  const invited = found.isInvited && person.isProved;
  if (person.email === undefined || !(isMapped || invited))
    return { kind: 'refuse', code: 'company_unknown' };
  return { kind: 'add', email: person.email, roles, invited };
}
