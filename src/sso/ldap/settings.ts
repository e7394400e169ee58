import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { secret } from '../../../contracts/connector.ts';
import { isLoopbackHost } from '../../platform/outbound/url.ts';

/** A short name (RFC 4512 §1.4); `dn` is what the LDAP client calls the name of an entry. */
const attribute = z.string().regex(/^(?!dn$)[a-zA-Z][a-zA-Z0-9-]{0,63}$/i, {
  error: 'Give the name of an attribute such as sAMAccountName.',
});

/** RFC 4514, as far as it matters here: `EXTERNAL` and `PLAIN` would be taken for SASL mechanisms. */
const distinguishedName = z
  .string()
  .max(1000)
  .regex(/^[^=,\0]+=[^\0]+$/, { error: 'Give a distinguished name such as OU=People,DC=school,DC=example.' });

const certificates = z
  .string()
  .max(100_000)
  .refine(holdsCertificates, { error: 'Give one or more certificates in PEM form.' });

const server = z
  .strictObject({
    /** `ldaps://host[:port]`, or `ldap://host[:port]`, which is secured by StartTLS. */
    url: z.string().max(300).refine(isServerUrl, {
      error: 'Give an address such as ldaps://dc1.school.example, without a path.',
    }),
    /** The name that the certificate has to be for, where it is not the host of the address. */
    serverName: z.string().min(1).max(253).optional(),
    /** No TLS at all: for a directory on this very machine. */
    plain: z.literal(true).optional(),
  })
  .refine(({ url, plain }) => plain === undefined || isPlainAllowed(url), {
    error: 'Without TLS only ldap:// to this machine is allowed. Use ldaps:// or StartTLS.',
    path: ['plain'],
  });

const groups = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('nowhere') }),
  /** The values of `memberOf` or the like at the person's entry. */
  z.strictObject({ from: z.literal('entry'), attribute: attribute.default('memberOf') }),
  /** The groups that name the person as a member. */
  z.strictObject({
    from: z.literal('search'),
    base: distinguishedName,
    memberAttribute: attribute.default('member'),
    /** What stands in it: the person's DN, or the value of an attribute of the person (posixGroup: memberUid, uid). */
    memberValue: z.union([z.literal('dn'), attribute]).default('dn'),
    /** Groups in groups count too; AD's primary group always does. */
    nested: z.boolean().default(true),
    /** What groups are told by; without it their DN, which nobody else can give to a group of theirs. */
    nameAttribute: attribute.optional(),
  }),
]);

const milliseconds = (least: number, most: number) => z.int().min(least).max(most);

/** What an admin sets for one directory. */
export const directorySettings = z.strictObject({
  /** Part of every link of a person: never changed later, also when servers or base move. */
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,99}$/, { error: 'Give a short name such as ad.school.example.' }),
  kind: z.enum(['ad', 'generic']),
  /** In the order of preference. */
  servers: z.array(server).min(1).max(8),
  /** The authorities that may vouch for the servers; `public` are those that browsers trust. */
  authorities: z.union([z.literal('public'), certificates]),
  /** Who searches: a DN, or in Active Directory also name@domain. */
  serviceAccount: z.union([
    distinguishedName,
    z
      .string()
      .regex(/^[^\s@\0]+@[^\s@\0]+$/)
      .max(300),
  ]),
  servicePassword: secret(
    z
      .string()
      .min(1)
      .max(1000)
      .regex(/^[^\0]*\S[^\0]*$/),
  ),
  base: distinguishedName,
  user: z.strictObject({
    objectClass: attribute.optional(),
    /** A typed name has to equal one of these. */
    nameAttributes: z.array(attribute).min(1).max(5),
    /** What an entry has to have besides, such as memberOf = a DN. */
    conditions: z
      .array(z.strictObject({ attribute, value: z.string().min(1).max(1000) }))
      .max(10)
      .default([]),
  }),
  /** What stays the same for life and is never given to somebody else: no name, no e-mail address. */
  key: z.union([z.enum(['objectGUID', 'entryUUID']), z.strictObject({ attribute })]),
  attributes: z
    .strictObject({
      name: attribute.default('displayName'),
      givenName: attribute.default('givenName'),
      familyName: attribute.default('sn'),
      email: attribute.default('mail'),
      locale: attribute.default('preferredLanguage'),
      /** Read besides, for the tenant's mapping. */
      others: z.array(attribute).max(30).default([]),
    })
    .prefault({}),
  groups: groups.default({ from: 'nowhere' }),
  timeouts: z
    .strictObject({
      /** TCP, StartTLS and TLS together. */
      connectMs: milliseconds(100, 30_000).default(4000),
      /** Each bind, and each search or page of one. */
      operationMs: milliseconds(100, 60_000).default(6000),
      /** How long a sign-in waits for its turn. */
      waitMs: milliseconds(100, 60_000).default(8000),
    })
    .prefault({}),
  /** Connections at work at one time, and sign-ins that may wait for one. */
  atOnce: z.int().min(1).max(64).default(12),
  waiting: z.int().min(0).max(2000).default(500),
  attempts: z
    .strictObject({
      /** Wrong passwords for one person: keep it below the directory's own lock-out, which counts everywhere. */
      perUser: z.int().min(1).max(100).default(4),
      /** Failed sign-ins from one address; a school often has only one. */
      perAddress: z.int().min(1).max(100_000).default(300),
      /** Not shorter than the time in which the directory counts. */
      windowMinutes: z.int().min(1).max(1440).default(30),
    })
    .prefault({}),
});

export type DirectorySettings = z.output<typeof directorySettings>;
export type GroupSettings = DirectorySettings['groups'];

/** A server as it is connected to. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'plain';
  readonly serverName: string;
}

/** The servers of a directory, in the order of preference. */
export function listServers(settings: DirectorySettings): Server[] {
  return settings.servers.map(({ url, serverName, plain }) => {
    const { protocol, hostname, port } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const isTls = protocol === 'ldaps:';
    return {
      host,
      port: port === '' ? (isTls ? 636 : 389) : Number(port),
      security: isTls ? 'tls' : plain === true ? 'plain' : 'starttls',
      serverName: serverName ?? host,
    };
  });
}

function isServerUrl(text: string): boolean {
  if (!/^ldaps?:\/\/[^/?#@\s]+\/?$/i.test(text) || !URL.canParse(text)) return false;
  return new URL(text).hostname !== '';
}

function isPlainAllowed(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'ldap:' && isLoopbackHost(hostname);
}

function holdsCertificates(text: string): boolean {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.length > 0 && blocks.every((block) => new X509Certificate(block).raw.length > 0);
  } catch {
    return false;
  }
}
