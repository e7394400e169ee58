import { z } from 'zod';
import { isLoopbackHost } from '../../platform/outbound/url.ts';
import { readCertificate } from '../saml/certificate.ts';
import type { Endpoint } from '../saml/connection.ts';
import { type AttributeMapping, type PresetName, presets, type SubjectSource } from '../saml/presets.ts';
import { nameIdFormats } from '../saml/xml/names.ts';

/** Plain http on this machine only, which the outbound guard allows in demos alone. */
const address = z.string().max(2_000).refine(isAddress, {
  error: 'Give an address that begins with https://, without user name or fragment.',
});

const entityId = z.string().regex(/^[\x21-\x7e]{1,1024}$/, { error: 'Give the entity id as it is spelled.' });

/** A federation's key, or the one that signs an identity provider's metadata. */
const signer = z.string().max(20_000).refine(isCertificate, {
  error: 'Give one certificate in PEM, with an RSA key of 2048 bits or more or an EC key on P-256 or P-384.',
});

const endpoint = z
  .strictObject({
    binding: z.enum(['redirect', 'post']),
    location: address,
    responseLocation: address.optional(),
  })
  .transform(
    ({ binding, location, responseLocation }): Endpoint => ({
      binding,
      location,
      ...(responseLocation === undefined ? {} : { responseLocation }),
    }),
  );

/** From where the other side is known. */
const metadataSource = z.discriminatedUnion('from', [
  /** Asked for again and again; what is not signed by the pinned key waits for somebody to agree. */
  z.strictObject({
    from: z.literal('url'),
    url: address,
    entityId: entityId.optional(),
    signer: signer.optional(),
  }),
  /** One entity of a federation (SAML V2.0 Metadata Query Protocol), which signs what it answers. */
  z.strictObject({ from: z.literal('mdq'), base: address, entityId, signer }),
  /** A document that somebody gives, now and whenever it changes. */
  z.strictObject({ from: z.literal('file'), entityId: entityId.optional() }),
  /** Typed in; certificates are added by hand. */
  z.strictObject({
    from: z.literal('fields'),
    entityId,
    singleSignOn: z.array(endpoint).min(1).max(4),
    singleLogout: z.array(endpoint).max(4).default([]),
  }),
]);
export type MetadataSource = z.output<typeof metadataSource>;

const names = z.array(z.string().min(1).max(500)).max(10);

/**
 * Never a key of a person: an e-mail address, a user name and an eduPersonPrincipalName go to somebody else one day, and
 * whoever gets it would get the person.
 */
const reassigned =
  /(^|[/:])(e-?mail|e-?mailaddress|mail|upn|name|uid|samaccountname|(user|eduperson)principalname)$|0\.9\.2342\.19200300\.100\.1\.[13]$|1\.3\.6\.1\.4\.1\.5923\.1\.1\.1\.6$/i;

const subject = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('name_id'),
    formats: z
      .array(z.enum([nameIdFormats.persistent, nameIdFormats.unspecified]))
      .min(1)
      .max(2),
  }),
  z
    .strictObject({
      from: z.literal('attribute'),
      names: names.min(1).refine((each) => !each.some((name) => reassigned.test(name)), {
        error: 'An e-mail address or a user name is given to others one day. Choose an id that never is.',
      }),
      scoped: z.literal(true).optional(),
    })
    .transform(
      ({ from, names: each, scoped }): SubjectSource => ({
        from,
        names: each,
        ...(scoped && { scoped }),
      }),
    ),
]);

/** What an admin sets for one SAML identity provider. */
export const samlSettings = z.strictObject({
  metadata: metadataSource,
  /** Over what the preset says; whatever is not given stays as it is there. */
  mapping: z
    .strictObject({
      subject: subject.optional(),
      name: names.optional(),
      givenName: names.optional(),
      familyName: names.optional(),
      email: names.optional(),
      locale: names.optional(),
      groups: names.optional(),
    })
    .prefault({}),
  /** Domains the identity provider may speak for, where its metadata names none (shibmd:Scope). */
  scopes: z.array(z.string().toLowerCase().min(1).max(253)).max(200).optional(),
  /** Takes answers that nobody asked for here: they can be slipped to another person. */
  allowUnsolicited: z.boolean().default(false),
  signRequests: z.boolean().default(true),
  /** Asks for the password each time, for devices that many share. */
  forceAuthn: z.boolean().default(false),
  /** What to ask for, where it is not what the key of a person is read from. */
  nameIdFormat: z.enum(Object.values(nameIdFormats)).optional(),
  /** Of these ways to prove who one is, one has to be used. */
  requestedAuthnContext: z.array(z.string().min(1).max(500)).max(10).default([]),
  /** Seconds that the two clocks may differ. */
  skewSeconds: z.int().min(0).max(180).default(60),
});
export type SamlSettings = z.output<typeof samlSettings>;

export const samlPresets = Object.keys(presets) as readonly PresetName[];

/** Where each thing about a person is read from: the preset's places, but for those that an admin chose. */
export function mappingOf(preset: string, { mapping }: Pick<SamlSettings, 'mapping'>): AttributeMapping {
  const { mapping: usual } = presets[isPreset(preset) ? preset : 'generic'];
  const chosen = Object.entries(mapping).filter(([, value]) => value !== undefined);
  return { ...usual, ...Object.fromEntries(chosen) };
}

/** The format that NameIDPolicy asks for: without it, many send a transient name. */
export function nameIdFormatOf({ nameIdFormat }: SamlSettings, { subject: key }: AttributeMapping) {
  return nameIdFormat ?? (key.from === 'name_id' ? key.formats[0] : undefined);
}

function isPreset(name: string): name is PresetName {
  return Object.hasOwn(presets, name);
}

function isAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s#@\\]+$/i.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || isLoopbackHost(hostname);
}

function isCertificate(text: string): boolean {
  try {
    readCertificate(text);
    return true;
  } catch {
    return false;
  }
}
