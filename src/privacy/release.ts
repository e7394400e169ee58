import { createHmac, hkdfSync, type KeyObject } from 'node:crypto';
import type { TenantId, ToolId } from '../../contracts/ids.ts';
import { type FieldName, type Fields, fieldKind, isFieldName } from './fields.ts';
import { type Action, decideAction, type PolicyRules, type Purpose } from './policy.ts';

/** What the filter is given: nothing that is no field can be spelled, and what comes in nevertheless is dropped. */
export type GivenFields = { readonly [Name in FieldName]?: unknown };

/** A secret of one tenant and tool, from which no other can be told. */
export type ReleaseKey = KeyObject | Uint8Array;

/** Gives the key where a policy hashes; most do not, and deriving it is not free. */
export type ReleaseKeySource = () => ReleaseKey;

/**
 * The one way out: lets through what the policy allows for the purpose, hashes what it says to hash, and drops
 * everything else, also what it has never heard of and what is not of the field's kind.
 *
 * A hash is base64url(HMAC-SHA256(key, field NUL value)): the same value gives the same hash at every release to
 * this tool of this tenant, and another one for another tool, tenant or field.
 */
export function release(
  rules: PolicyRules,
  purpose: Purpose,
  fields: GivenFields,
  key: ReleaseKeySource,
): Fields {
  const released: Record<string, string | readonly string[]> = {};
  for (const [name, given] of Object.entries(fields)) {
    if (!isFieldName(name)) continue;
    const value = takeValue(name, given);
    const leaving =
      value === undefined ? undefined : apply(decideAction(rules, purpose, name), name, value, key);
    if (leaving !== undefined) released[name] = leaving;
  }
  return released as Fields;
}

type Value = string | readonly string[];

/** The value where it is of the field's kind; a list is copied, so that nobody can change what was released. */
function takeValue(name: FieldName, value: unknown): Value | undefined {
  if (fieldKind(name) === 'text') return typeof value === 'string' ? value : undefined;
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? [...value] : undefined;
}

function apply(action: Action, name: FieldName, value: Value, key: ReleaseKeySource): Value | undefined {
  switch (action) {
    case 'allow':
      return value;
    case 'hash':
      // A list has no hash (policy.ts refuses the rule); one that slips in is dropped.
      return typeof value === 'string' ? hashField(name, value, key()) : undefined;
    case 'drop':
      return undefined;
  }
}

function hashField(name: FieldName, value: string, key: ReleaseKey): string {
  return createHmac('sha256', key).update(`${name}\0${value}`).digest('base64url');
}

/**
 * The release key of a tenant and tool from a secret of the hub (HKDF, RFC 5869).
 *
 * @param secret at least 32 bytes that stay the same for as long as hashes are to be recognised
 */
export function deriveReleaseKey(secret: ReleaseKey, tenantId: TenantId, toolId: ToolId): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, tenantId, `gatehouse release ${toolId}`, 32));
}

/** One field of a preview. */
export interface PreviewedField {
  field: FieldName;
  action: Action;
  /** What leaves; absent where nothing does. */
  released?: Value;
}

/** What a tool would see, field by field, with what it would not see beside it. */
export function previewRelease(
  rules: PolicyRules,
  purpose: Purpose,
  fields: GivenFields,
  key: ReleaseKeySource,
): PreviewedField[] {
  const released: Record<string, Value | undefined> = release(rules, purpose, fields, key);
  return Object.keys(fields)
    .filter(isFieldName)
    .map((field) => {
      const value = released[field];
      return {
        field,
        action: decideAction(rules, purpose, field),
        ...(value === undefined ? {} : { released: value }),
      };
    });
}
