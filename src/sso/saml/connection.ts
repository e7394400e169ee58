import { DomainError } from '../../platform/errors.ts';
import type { Certificate, OwnKey, TrustedCertificate } from './certificate.ts';
import type { AttributeMapping } from './presets.ts';
import type { Binding } from './xml/names.ts';

/** One place of the other side, by binding; an answer to a logout may go to another address. */
export interface Endpoint {
  readonly binding: Binding;
  readonly location: string;
  readonly responseLocation?: string;
}

/** The other side of a connection, as its metadata or an operator described it. */
export interface IdentityProvider {
  readonly entityId: string;
  readonly singleSignOn: readonly Endpoint[];
  readonly singleLogout: readonly Endpoint[];
  readonly certificates: readonly TrustedCertificate[];
  /** Domains it may speak for (shibmd:Scope); undefined where nobody limits them. */
  readonly scopes?: readonly string[];
}

/** Our side: each connection has an entity id, addresses and keys of its own. */
export interface ServiceProvider {
  readonly entityId: string;
  /** Assertion consumer service, where answers are posted to. */
  readonly acsUrl: string;
  /** Single logout service, for both bindings. */
  readonly sloUrl: string;
  readonly signingKeys: readonly OwnKey[];
  readonly decryptionKeys: readonly OwnKey[];
}

export interface SamlConnection {
  readonly id: string;
  readonly identityProvider: IdentityProvider;
  readonly serviceProvider: ServiceProvider;
  readonly mapping: AttributeMapping;
  /** Off by default: an answer nobody asked for can be slipped to another person. */
  readonly allowUnsolicited: boolean;
  readonly signRequests: boolean;
  /** Asks for a new authentication each time. */
  readonly forceAuthn: boolean;
  /** Format asked for in NameIDPolicy; undefined leaves it to the other side. */
  readonly nameIdFormat?: string;
  /** Classes of which one is required, compared exactly; empty asks for none. */
  readonly requestedAuthnContext: readonly string[];
  /** Seconds that the two clocks may differ: 60 where nothing is said, 180 at most. */
  readonly skewSeconds?: number;
}

/** What our own metadata tells of a connection; it is there before anything is known of the other side. */
export type OwnSide = Pick<SamlConnection, 'serviceProvider' | 'signRequests' | 'nameIdFormat'>;

/** A request of ours that is still open; belongs to one connection and to one browser. */
export interface StoredRequest {
  readonly id: string;
  readonly connectionId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly forceAuthn: boolean;
  readonly requestedAuthnContext: readonly string[];
}

/** Milliseconds that the clocks of a connection may differ. */
export function skewOf({ skewSeconds = 60 }: Pick<SamlConnection, 'skewSeconds'>): number {
  return Math.min(180, Math.max(0, skewSeconds)) * 1000;
}

/**
 * The key of a connection that signs now.
 *
 * @throws DomainError `saml_key_missing`
 */
export function requireSigningKey({ signingKeys }: ServiceProvider): OwnKey {
  const key = signingKeys.find(({ state }) => state === 'active');
  if (key !== undefined) return key;
  throw new DomainError(
    'conflict',
    'saml_key_missing',
    'This connection has no active signing key. Make one active.',
  );
}

/** A redirect where there is a choice: it needs no page that posts itself. */
export function chooseEndpoint(endpoints: readonly Endpoint[]): Endpoint | undefined {
  return endpoints.find(({ binding }) => binding === 'redirect') ?? endpoints[0];
}

/** Certificates to publish: what is used now, and what comes next. */
export function published(keys: readonly OwnKey[]): Certificate[] {
  const inState = (wanted: OwnKey['state']) => keys.filter(({ state }) => state === wanted);
  return [...inState('active'), ...inState('next')].map(({ certificate }) => certificate);
}
