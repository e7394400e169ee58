import { DomainError } from '../../../platform/errors.ts';
import type { Certificate, TrustedCertificate } from '../certificate.ts';
import type { Endpoint } from '../connection.ts';
import { Refusal } from '../refusal.ts';
import { verifySigned } from '../signature/verify.ts';
import { decodeUtf8 } from '../xml/decode.ts';
import { metadataLimits } from '../xml/limits.ts';
import { parseXml } from '../xml/parse.ts';
import { attributeOf, childrenOf, descendantsOf, isNamed } from '../xml/read.ts';
import { readDuration, readInstant } from '../xml/time.ts';
import { readRole } from './role.ts';

/** What the metadata of one identity provider says. */
export interface IdentityProviderMetadata {
  readonly entityId: string;
  /** For people, where the metadata names it (mdui:DisplayName). */
  readonly displayName: string | undefined;
  readonly singleSignOn: readonly Endpoint[];
  readonly singleLogout: readonly Endpoint[];
  /** Signing certificates, in the order of the document. */
  readonly certificates: readonly Certificate[];
  readonly wantsSignedRequests: boolean;
  /** Undefined where it names none. A scope that is a pattern is left out: see `patternScopes`. */
  readonly scopes: readonly string[] | undefined;
  /** Scopes written as regular expressions; nobody's expressions are run here. */
  readonly patternScopes: readonly string[];
  /** The earliest validUntil of everything around it. */
  readonly validUntil: Date | undefined;
  /** When to ask again, and no later than validUntil: by the shortest cacheDuration, or after a day. */
  readonly refreshAt: Date;
}

export interface MetadataSource {
  readonly bytes: Buffer;
  /** Whose metadata is wanted; needed where a document holds several. */
  readonly entityId?: string | undefined;
  /** Pinned signers of the document (a federation's key); empty or missing where it is trusted by its address. */
  readonly signers?: readonly TrustedCertificate[] | undefined;
  /** Unix milliseconds. */
  readonly now: number;
}

const day = 24 * 3_600_000;
const shortestRefresh = 10 * 60_000;

/**
 * Reads SAML metadata (SAML Metadata 2.0; SAML V2.0 Metadata Query Protocol for one entity out of an aggregate).
 *
 * @throws DomainError `metadata_unreadable`, `metadata_signature`, `metadata_entity`, `metadata_expired`,
 * `metadata_incomplete`, and those of readCertificate
 */
export function readIdentityProvider({
  bytes,
  entityId,
  signers = [],
  now,
}: MetadataSource): IdentityProviderMetadata {
  const root = readRoot(bytes, signers);
  const entity = chooseEntity(root, entityId);
  const role = identityRoles(entity)[0];
  if (role === undefined) throw refuse('metadata_entity', 'It describes no SAML 2.0 identity provider.');
  const around = [role, ...ancestors(role)];
  const untils = around.map((element) => readInstant(attributeOf(element, 'validUntil')));
  const until = Math.min(...untils.filter((at) => at !== undefined));
  // NaN, which an unreadable validUntil gives, has to end the same way as one that has passed.
  if (untils.some((at) => at !== undefined) && !(now < until)) {
    throw refuse(
      'metadata_expired',
      'It was valid until a moment that has passed. Fetch it again, or ask its maker.',
    );
  }
  const durations = around.map((element) => readDuration(attributeOf(element, 'cacheDuration')));
  const rest = Math.max(
    shortestRefresh,
    Math.min(day, ...durations.filter((length) => length !== undefined)),
  );
  return {
    entityId: attributeOf(entity, 'entityID') ?? '',
    ...readRole(role, entity),
    validUntil: Number.isFinite(until) ? new Date(until) : undefined,
    refreshAt: new Date(Math.min(now + rest, Math.max(until, now))),
  };
}

function readRoot(bytes: Buffer, signers: readonly TrustedCertificate[]): Element {
  try {
    const text = decodeUtf8(bytes, metadataLimits);
    const root = parseXml(text, metadataLimits);
    if (signers.length === 0) return root;
    const signed = verifySigned(root, signers, metadataLimits);
    if (signed !== undefined) return signed;
    throw new Refusal('signature_missing', 'signed metadata');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isSignature = [
      'signature',
      'signature_missing',
      'signature_structure',
      'algorithm',
      'certificate_retired',
    ];
    if (isSignature.includes(error.reason)) {
      throw refuse(
        'metadata_signature',
        `Its signature does not hold (${error.reason}). Compare the pinned certificate.`,
      );
    }
    throw refuse('metadata_unreadable', `It is no SAML metadata that can be read (${error.reason}).`);
  }
}

function chooseEntity(root: Element, entityId: string | undefined): Element {
  const isOne = isNamed(root, 'metadata', 'EntityDescriptor');
  if (!isOne && !isNamed(root, 'metadata', 'EntitiesDescriptor')) {
    throw refuse('metadata_unreadable', 'It is no EntityDescriptor and no EntitiesDescriptor.');
  }
  const entities = isOne ? [root] : descendantsOf(root, 'metadata', 'EntityDescriptor');
  const wanted = entities.filter((entity) =>
    entityId === undefined ? identityRoles(entity).length > 0 : attributeOf(entity, 'entityID') === entityId,
  );
  const [entity, ...more] = wanted;
  if (entity !== undefined && more.length === 0) return entity;
  const advice = entityId === undefined ? 'Name one entity id.' : 'Compare the entity id.';
  throw refuse('metadata_entity', `It describes ${wanted.length} such identity providers. ${advice}`);
}

function identityRoles(entity: Element): Element[] {
  return childrenOf(entity, 'metadata', 'IDPSSODescriptor').filter((role) =>
    (attributeOf(role, 'protocolSupportEnumeration') ?? '')
      .split(/\s+/)
      .includes('urn:oasis:names:tc:SAML:2.0:protocol'),
  );
}

function ancestors(element: Element): Element[] {
  const parent = element.parentNode;
  return parent === null || parent.nodeType !== parent.ELEMENT_NODE
    ? []
    : [parent as Element, ...ancestors(parent as Element)];
}

function refuse(code: string, why: string): DomainError {
  return new DomainError('input', code, `This metadata cannot be used. ${why}`);
}
