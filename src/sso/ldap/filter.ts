import {
  AndFilter,
  EqualityFilter,
  escapeFilter,
  type Filter,
  FilterParser,
  OrFilter,
  PresenceFilter,
} from 'ldapts';

/**
 * `(attribute=value)`. The escaping tag is the only place where a value meets filter syntax (RFC 4515 §3); what comes out is put
 * together as objects, never as text.
 */
export function equals(attribute: string, value: string | Buffer): Filter {
  // Read back from text, bytes from 0x80 on would become characters.
  if (typeof value !== 'string') return new EqualityFilter({ attribute, value });
  return FilterParser.parseString(escapeFilter`(${attribute}=${value})`);
}

/** Active Directory's LDAP_MATCHING_RULE_IN_CHAIN (MS-ADTS 3.1.1.3.4.4.3): also members of members. */
export function equalsInChain(attribute: string, value: string): Filter {
  return FilterParser.parseString(escapeFilter`(${attribute}:1.2.840.113556.1.4.1941:=${value})`);
}

/** All of several. */
export function allOf(filters: readonly Filter[]): Filter {
  const [only, ...others] = filters;
  return only !== undefined && others.length === 0 ? only : new AndFilter({ filters: [...filters] });
}

/** At least one of several. */
export function anyOf(filters: readonly Filter[]): Filter {
  const [only, ...others] = filters;
  return only !== undefined && others.length === 0 ? only : new OrFilter({ filters: [...filters] });
}

/** `(attribute=*)`. */
export function hasSome(attribute: string): Filter {
  return new PresenceFilter({ attribute });
}

/** Every entry. */
export function anything(): Filter {
  return hasSome('objectClass');
}
