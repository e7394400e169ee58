/** Claims as a token gave them, by name. */
export type Claims = Readonly<Record<string, unknown>>;

/** The claim where it is a text with anything in it. */
export function textOf(claims: Claims, name: string): string | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A NumericDate (RFC 7519 §2) or another number; anything else is none. */
export function numberOf(claims: Claims, name: string): number | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** RFC 7519 §4.1.3: one audience or a list. Undefined where there is anything but texts. */
export function audiencesOf({ aud }: Claims): string[] | undefined {
  const list: unknown[] = Array.isArray(aud) ? aud : [aud];
  return list.length > 0 && list.every((each) => typeof each === 'string') ? list : undefined;
}

/** Claims of the protocol: they say nothing of the person. */
const ofTheProtocol = new Set([
  ...[
    'iss',
    'aud',
    'azp',
    'exp',
    'iat',
    'nbf',
    'jti',
    'nonce',
    'at_hash',
    'c_hash',
    's_hash',
    'auth_time',
    'sid',
  ],
  ...['_claim_names', '_claim_sources', 'uti', 'rh', 'ver', 'aio', 'typ'],
]);
/** Deeper, longer or more than this is nothing about a person. */
const deepest = 4;
const longestValue = 4_000;
const mostValues = 5_000;

/** Some providers write it as text. */
const unproven: readonly unknown[] = [false, 'false'];

/** Everything that is said of a person, each value as text, members of objects by their path. */
export function attributesOf(claims: Claims): Record<string, string[]> {
  const attributes = new Map<string, string[]>();
  let count = 0;
  const add = (path: string, value: unknown, depth: number): void => {
    if (Array.isArray(value)) {
      if (depth <= deepest) for (const each of value) add(path, each, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      if (depth < deepest)
        for (const [name, each] of Object.entries(value)) add(`${path}.${name}`, each, depth + 1);
    } else if (['string', 'number', 'boolean'].includes(typeof value) && count < mostValues) {
      const text = String(value);
      if (text === '' || text.length > longestValue) return;
      count += 1;
      attributes.set(path, [...(attributes.get(path) ?? []), text]);
    }
  };
  for (const [name, value] of Object.entries(claims)) {
    // An address that the provider says nobody has proven is nobody's.
    const isUnproven = name === 'email' && unproven.includes(claims.email_verified);
    if (!ofTheProtocol.has(name) && !isUnproven) add(name, value, 1);
  }
  return Object.fromEntries(attributes);
}
