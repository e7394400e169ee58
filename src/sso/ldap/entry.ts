import type { Entry } from 'ldapts';

type Value = string | Buffer;

/** An entry as it came; names of attributes are compared without regard to case (RFC 4512 §2.5). */
export interface DirectoryEntry {
  readonly dn: string;
  /** The values that are text. */
  texts(attribute: string): readonly string[];
  /** The only value, if there is exactly one and it is text. */
  text(attribute: string): string | undefined;
  /** The only value as bytes, if there is exactly one. */
  bytes(attribute: string): Buffer | undefined;
  /** Part of the values and where it begins and ends, where a directory gives them in parts (MS-ADTS 3.1.1.3.1.3.3). */
  range(attribute: string): ValueRange | undefined;
}

export interface ValueRange {
  readonly values: readonly string[];
  /** Undefined: these were the last. */
  readonly next: number | undefined;
}

/** Wraps an entry of the LDAP client. */
export function readEntry(entry: Entry): DirectoryEntry {
  const values = new Map<string, Value[]>();
  for (const [name, value] of Object.entries(entry)) {
    if (name !== 'dn') values.set(name.toLowerCase(), Array.isArray(value) ? value : [value]);
  }
  const valuesOf = (attribute: string) => values.get(attribute.toLowerCase()) ?? [];
  const texts = (attribute: string) => valuesOf(attribute).filter((value) => typeof value === 'string');
  return {
    dn: entry.dn,
    texts,
    text: (attribute) => {
      const [only, ...others] = valuesOf(attribute);
      return others.length === 0 && typeof only === 'string' ? only : undefined;
    },
    bytes: (attribute) => {
      const [only, ...others] = valuesOf(attribute);
      if (only === undefined || others.length > 0) return undefined;
      // Bytes that happen to be UTF-8 arrive as text.
      return typeof only === 'string' ? Buffer.from(only, 'utf8') : only;
    },
    range: (attribute) => {
      const begin = `${attribute.toLowerCase()};range=`;
      const name = [...values.keys()].find((each) => each.startsWith(begin));
      const last = name === undefined ? undefined : /^\d+-(\d+|\*)$/.exec(name.slice(begin.length))?.[1];
      if (name === undefined || last === undefined) return undefined;
      return { values: texts(name), next: last === '*' ? undefined : Number(last) + 1 };
    },
  };
}
