import type { Certificate } from '../certificate.ts';
import type { Endpoint } from '../connection.ts';
import type { IdentityProviderMetadata } from './identity-provider.ts';

/** What a connection uses now, in the words of metadata. */
export type MetadataInUse = Pick<
  IdentityProviderMetadata,
  'entityId' | 'singleSignOn' | 'singleLogout' | 'certificates' | 'scopes'
>;

/** One thing that would change; `before` and `after` are for people and for audit. */
export type MetadataChange =
  | { readonly kind: 'entity_id'; readonly before: string; readonly after: string }
  | { readonly kind: 'certificate_added'; readonly certificate: Certificate }
  | { readonly kind: 'certificate_removed'; readonly certificate: Certificate }
  | {
      readonly kind: 'sign_on_address' | 'logout_address';
      readonly before: readonly string[];
      readonly after: readonly string[];
    }
  | { readonly kind: 'scopes'; readonly before: readonly string[]; readonly after: readonly string[] };

/** What would change if newly read metadata became active. Pure; the order of lists means nothing. */
export function findMetadataChanges(inUse: MetadataInUse, read: MetadataInUse): MetadataChange[] {
  const { entityId: before } = inUse;
  return [
    ...(before === read.entityId ? [] : [{ kind: 'entity_id' as const, before, after: read.entityId }]),
    ...without(read.certificates, inUse.certificates).map(
      (certificate) => ({ kind: 'certificate_added', certificate }) as const,
    ),
    ...without(inUse.certificates, read.certificates).map(
      (certificate) => ({ kind: 'certificate_removed', certificate }) as const,
    ),
    ...listChange('sign_on_address', inUse.singleSignOn.map(shown), read.singleSignOn.map(shown)),
    ...listChange('logout_address', inUse.singleLogout.map(shown), read.singleLogout.map(shown)),
    ...listChange('scopes', inUse.scopes ?? [], read.scopes ?? []),
  ];
}

function without(some: readonly Certificate[], others: readonly Certificate[]): Certificate[] {
  const known = new Set(others.map(({ fingerprint }) => fingerprint));
  return some.filter(({ fingerprint }) => !known.has(fingerprint));
}

function listChange<Kind extends 'sign_on_address' | 'logout_address' | 'scopes'>(
  kind: Kind,
  before: readonly string[],
  after: readonly string[],
): { kind: Kind; before: readonly string[]; after: readonly string[] }[] {
  const isSame = before.length === after.length && before.every((value) => after.includes(value));
  return isSame ? [] : [{ kind, before, after }];
}

function shown({ binding, location, responseLocation }: Endpoint): string {
  return [binding, location, responseLocation].filter((part) => part !== undefined).join(' ');
}
