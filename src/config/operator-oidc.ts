import { z } from 'zod';
import { type HubRole, hubRoles } from '../../contracts/http/roles.ts';
import { Hidden } from '../platform/hidden.ts';

/** How staff of the hub sign in at their company's OpenID provider. */
export interface OperatorOidc {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Hidden;
  /** The claim whose values say what somebody may do; without roles for them, invitations say so. */
  readonly claim: string;
  /** From a value of the claim to a role. */
  readonly roles: Readonly<Record<string, HubRole>>;
}

const roleName = z.enum(hubRoles, { error: `gives one of: ${hubRoles.join(', ')}` });

export const operatorOidcVariables = {
  OPERATOR_OIDC_ISSUER: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
  OPERATOR_OIDC_CLIENT_ID: z.string().min(1).max(500).optional(),
  OPERATOR_OIDC_CLIENT_SECRET: z.string().min(1).max(2000).optional(),
  OPERATOR_OIDC_NAME: z.string().trim().min(1).max(100).default('Company account'),
  OPERATOR_OIDC_CLAIM: z.string().min(1).max(200).default('groups'),
  OPERATOR_OIDC_ROLES: z.string().default('').transform(pairsOf).pipe(z.record(z.string(), roleName)),
};

/** `group=role,other=role`; a value of the other side may hold anything but a comma. */
function pairsOf(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
}

type Given = z.infer<z.ZodObject<typeof operatorOidcVariables>>;

/** Whether some of what belongs together is missing. */
export function isHalfSet(given: Given): boolean {
  const { OPERATOR_OIDC_ISSUER, OPERATOR_OIDC_CLIENT_ID, OPERATOR_OIDC_CLIENT_SECRET } = given;
  const all = [OPERATOR_OIDC_ISSUER, OPERATOR_OIDC_CLIENT_ID, OPERATOR_OIDC_CLIENT_SECRET];
  return new Set(all.map((each) => each === undefined)).size > 1;
}

export function toOperatorOidc(given: Given): OperatorOidc | undefined {
  const {
    OPERATOR_OIDC_ISSUER: issuer,
    OPERATOR_OIDC_CLIENT_ID: clientId,
    OPERATOR_OIDC_CLIENT_SECRET: secret,
  } = given;
  if (issuer === undefined || clientId === undefined || secret === undefined) return undefined;
  const [name, claim, roles] = [
    given.OPERATOR_OIDC_NAME,
    given.OPERATOR_OIDC_CLAIM,
    given.OPERATOR_OIDC_ROLES,
  ];
  return { name, issuer, clientId, clientSecret: new Hidden(secret), claim, roles };
}
