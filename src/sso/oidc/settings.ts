import { z } from 'zod';
import { secret } from '../../../contracts/connector.ts';
import { isLoopbackHost } from '../../platform/outbound/url.ts';

/** Signatures that may prove an ID Token (RFC 7518 §3.1, RFC 8037 §3.1). `none` is none. */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'HS256',
] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** The directory that holds all personal Microsoft accounts: anybody can make one. */
const personalMicrosoftAccounts = '9188040d-6c67-4c5b-b112-36a304b66dad';

const entraHosts = [
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
];
/** What stands for the tenant in issuers that serve several. */
const entraPlaceholder = /^\/(\{tenantid\}|%7Btenantid%7D|common|organizations)\//i;

/** A claim, or a member within one: `realm_access.roles`. */
const claimPath = z.string().min(1).max(200);
/** RFC 6749 §3.3, without blanks. */
const word = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, { error: 'Give one word without blanks.' });

/** Whose accounts sign in, where one issuer or one client serves more than one institution. */
const tenantRule = z.discriminatedUnion('kind', [
  /** The issuer has accounts of this institution only. */
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('entra'),
    /** Directory (tenant) id. */
    tenantId: z
      .guid()
      .toLowerCase()
      .refine((id) => id !== personalMicrosoftAccounts, {
        error:
          'This is the directory of all personal Microsoft accounts. Give the school’s own directory id.',
      }),
    /** `oid` is the same in all applications of the directory, `sub` in this one alone; neither is a name. */
    subject: z.enum(['oid', 'sub']).default('oid'),
  }),
  z.strictObject({
    kind: z.literal('google'),
    /** Google Workspace domains; accounts outside them, gmail.com among them, are refused. */
    domains: z
      .array(
        z
          .string()
          .toLowerCase()
          .max(253)
          .regex(/^([a-z0-9-]+\.)+[a-z0-9-]{2,63}$/),
      )
      .min(1)
      .max(100),
  }),
]);

const fields = z.strictObject({
  /** As the provider spells it: compared character by character. For Entra ID `{tenantid}` may stand in it. */
  issuer: z.string().max(1000).refine(isIssuer, {
    error: 'Give an address that begins with https:// and has no query or fragment.',
  }),
  clientId: z.string().regex(/^[\x20-\x7e]{1,500}$/),
  clientSecret: secret(z.string().regex(/^[\x20-\x7e]{1,2000}$/)).optional(),
  /** `private_key_jwt` signs with the hub's own key, whose public half is at /.well-known/jwks.json. */
  clientAuthentication: z
    .enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt'])
    .default('client_secret_basic'),
  /** Whom an assertion of `private_key_jwt` is made out to. */
  assertionAudience: z.enum(['issuer', 'token_endpoint']).default('issuer'),
  algorithms: z.array(z.enum(signatureAlgorithms)).min(1).default(['RS256']),
  scopes: z.array(word).max(50).default(['openid', 'profile', 'email']),
  /** `login`: the password again each time, for devices that many share. */
  prompt: z.enum(['login', 'select_account', 'consent']).optional(),
  /** How long ago the person may have given the password. */
  maxAgeSeconds: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .optional(),
  /** One of these has to be what the provider did to know the person. */
  acrValues: z.array(word).max(20).default([]),
  /** Others that may stand in `aud` beside this client. */
  otherAudiences: z.array(z.string().min(1).max(500)).max(20).default([]),
  tenant: tenantRule.default({ kind: 'none' }),
  /** Asks the UserInfo endpoint too, where the ID Token holds little. */
  userInfo: z.boolean().default(false),
  claims: z
    .strictObject({
      name: claimPath.default('name'),
      givenName: claimPath.default('given_name'),
      familyName: claimPath.default('family_name'),
      email: claimPath.default('email'),
      locale: claimPath.default('locale'),
      groups: claimPath.default('groups'),
    })
    .prefault({}),
  /** Signing out here signs out there, where the provider offers it. */
  endSession: z.boolean().default(true),
});

export type OidcSettings = z.output<typeof fields>;

/** What an admin sets for one OpenID provider. */
export const oidcSettings = fields
  .refine((settings) => settings.clientAuthentication === 'private_key_jwt' || settings.clientSecret, {
    error: 'Enter the client secret, or let the hub prove itself with its key (private_key_jwt).',
    path: ['clientSecret'],
  })
  // A list with both would let a public key be taken for a shared secret (RFC 8725 §2.1).
  .refine(({ algorithms }) => !algorithms.includes('HS256') || algorithms.length === 1, {
    error: 'HS256 cannot be allowed beside another algorithm.',
    path: ['algorithms'],
  })
  // RFC 7518 §3.2: at least as long as the hash.
  .refine(({ algorithms, clientSecret = '' }) => !algorithms.includes('HS256') || clientSecret.length >= 32, {
    error: 'HS256 needs a client secret of at least 32 characters.',
    path: ['algorithms'],
  })
  .refine(({ issuer, tenant }) => !isEntra(issuer) || tenant.kind === 'entra', {
    error: 'For Microsoft Entra ID give the directory (tenant) id of the school.',
    path: ['tenant'],
  })
  .refine(
    ({ issuer, tenant }) => !/^https:\/\/accounts\.google\.com\/?$/i.test(issuer) || tenant.kind === 'google',
    {
      error:
        'For Google give the Workspace domains of the school; otherwise every Google account could sign in.',
      path: ['tenant'],
    },
  )
  .refine((settings) => settings.tenant.kind !== 'entra' || isPinned(settings), {
    error: 'The issuer belongs to another directory than the directory (tenant) id says.',
    path: ['issuer'],
  });

/** The issuer in its one spelling; one that serves several Entra tenants is pinned to the school's own. */
export function issuerOf({ issuer, tenant }: Pick<OidcSettings, 'issuer' | 'tenant'>): string {
  if (tenant.kind !== 'entra') return issuer;
  const { origin, pathname } = new URL(issuer);
  return `${origin}${pathname.replace(entraPlaceholder, `/${tenant.tenantId}/`)}`;
}

/** OpenID Connect Discovery 1.0 §2; plain http on this machine only, which the outbound guard allows in demos alone. */
function isIssuer(text: string): boolean {
  if (!/^https?:\/\/[^\s?#@\\]+$/.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || isLoopbackHost(hostname);
}

function isEntra(issuer: string): boolean {
  return URL.canParse(issuer) && entraHosts.includes(new URL(issuer).hostname);
}

function isPinned(settings: Pick<OidcSettings, 'issuer' | 'tenant'>): boolean {
  if (settings.tenant.kind !== 'entra' || !URL.canParse(settings.issuer)) return false;
  return new URL(issuerOf(settings)).pathname.split('/')[1] === settings.tenant.tenantId;
}
