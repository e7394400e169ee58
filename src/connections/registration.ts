import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { ConnectionId, RegistrationId } from '../../contracts/ids.ts';
import { authorizeMethods } from '../../contracts/lms.ts';
import { switchStates } from '../../contracts/tools.ts';
import { parseInput } from '../platform/input.ts';
import { type AddressRules, publicKeySet, webAddress } from '../platform/partner-values.ts';
import { displayName } from '../tenants/slug.ts';
import { type FamilyName, families, familyNames, knownValues } from './families.ts';
import { type RegistrationSettings, registrationSettings } from './settings.ts';

export { authorizeMethods } from '../../contracts/lms.ts';
export { switchStates as registrationStates } from '../../contracts/tools.ts';

/** What an LMS said of itself when the hub was registered with it as a tool. */
export interface RegistrationFields {
  /** Compared character by character: some end with a slash, some do not. */
  issuer: string;
  clientId: string;
  /** Never derived from the issuer, which is on another host at some LMSs. */
  authorizeUrl: string;
  authorizeMethod: (typeof authorizeMethods)[number];
  tokenUrl: string | null;
  /** The `aud` of our assertions where the LMS wants another than the token URL. */
  tokenAudience: string | null;
  /** Exactly one of the two is set. */
  jwksUrl: string | null;
  jwks: JSONWebKeySet | null;
  family: FamilyName;
  settings: RegistrationSettings;
  status: (typeof switchStates)[number];
}

interface Registration<Id> extends RegistrationFields {
  connectionId: Id;
  /** Raised by one with every change. */
  version: number;
}

/** A tenant's own registration with its LMS. */
export type LtiRegistration = Registration<ConnectionId>;

/**
 * One registration for many schools. It is no tenant's connection: its `connectionId` is the registration_id, under
 * the name that lets a launch treat both kinds alike.
 */
export type HubRegistration = Registration<RegistrationId>;

/** Checks the fields of a registration. */
function registrationFields(rules: AddressRules) {
  const address = webAddress(rules);
  return z
    .strictObject({
      // Some issuers are no web address, or end with a slash: kept as given.
      issuer: z
        .string({ error: 'Give the issuer.' })
        .regex(/^[\x21-\x7e]{1,255}$/, { error: 'An issuer has at most 255 characters and no spaces.' }),
      clientId: z
        .string()
        .regex(/^[\x21-\x7e]{1,255}$/, { error: 'A client ID has at most 255 characters and no spaces.' }),
      authorizeUrl: address,
      authorizeMethod: z.enum(authorizeMethods).default('GET'),
      tokenUrl: address.nullable().default(null),
      tokenAudience: z.string().min(1).max(2000).nullable().default(null),
      jwksUrl: address.nullable().default(null),
      jwks: publicKeySet.nullable().default(null),
      family: z.enum(familyNames),
      settings: registrationSettings.prefault({}),
      status: z.enum(switchStates).default('active'),
    })
    .refine(({ jwksUrl, jwks }) => (jwksUrl === null) !== (jwks === null), {
      error: 'Give either the JWKS URL or a pasted key set: the LMS’s tokens are checked against it.',
      path: ['jwksUrl'],
    })
    .refine(({ tokenAudience, tokenUrl }) => isOwnAudience(tokenAudience, tokenUrl), {
      error:
        'The audience has to be at the host of the token URL, or the vendor’s for the vendor’s token URL: whoever is there gets what is made out to it.',
      path: ['tokenAudience'],
    });
}

/**
 * Whether assertions may be made out to that audience. One made out to another LMS, at which some school has the same
 * client_id, could be used up there by whoever is at the token URL (RFC 7523 §3, item 3).
 */
function isOwnAudience(audience: string | null, tokenUrl: string | null): boolean {
  const host = hostOf(tokenUrl ?? undefined);
  if (audience === null || host === undefined) return true;
  const isVendors = Object.values(families).some(
    ({ known }) => known.tokenAudience?.template === audience && hostOf(known.tokenUrl?.template) === host,
  );
  // Some are a host without a scheme.
  return isVendors || hostOf(audience.includes('://') ? audience : `https://${audience}`) === host;
}

function hostOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).host : undefined;
}

/** The name people know a connection by. */
export const connectionName = displayName;

/** What has to be said of a registration; what its family fixes may be left out. */
export type NewRegistration = Pick<RegistrationFields, 'clientId' | 'family'> &
  Partial<Omit<RegistrationFields, 'settings'>> & { settings?: Partial<RegistrationSettings> };

export type RegistrationChanges = Partial<Omit<RegistrationFields, 'settings'>> & {
  settings?: Partial<RegistrationSettings>;
};

/**
 * Fills in what the family fixes and checks the whole.
 *
 * @throws DomainError input `registration_invalid`
 */
export function planRegistration(given: NewRegistration, rules: AddressRules): RegistrationFields {
  const known = Object.hasOwn(families, given.family) ? knownValues(given.family, given) : {};
  // Pasted keys take the place of the address the family would have.
  const { jwksUrl, ...rest } = known;
  const usable = given.jwks || jwksUrl === undefined ? rest : known;
  const fields = parseInput(registrationFields(rules), { ...usable, ...given }, 'registration_invalid');
  if (given.settings?.frameAncestors !== undefined) return fields;
  const frameAncestors = [...fields.settings.frameAncestors, ...framesOnThisMachine(fields)];
  return { ...fields, settings: { ...fields.settings, frameAncestors } };
}

/** An LMS without https, which the rules take on this machine only, is in none of the frames that any may have. */
function framesOnThisMachine({ authorizeUrl }: RegistrationFields): string[] {
  const { protocol, origin } = new URL(authorizeUrl);
  return protocol === 'http:' ? [origin] : [];
}

/**
 * A registration after a change. A JWKS URL takes the place of pasted keys, and pasted keys that of a URL.
 *
 * @throws DomainError input `registration_invalid`
 */
export function changeRegistration(
  before: RegistrationFields,
  changes: RegistrationChanges,
  rules: AddressRules,
): RegistrationFields {
  const keys: RegistrationChanges = {};
  if (changes.jwksUrl && !changes.jwks) keys.jwks = null;
  if (changes.jwks && !changes.jwksUrl) keys.jwksUrl = null;
  const settings = { ...before.settings, ...changes.settings };
  return parseInput(
    registrationFields(rules),
    { ...before, ...changes, ...keys, settings },
    'registration_invalid',
  );
}
