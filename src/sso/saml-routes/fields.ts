/** Largest form, in bytes: the largest message, 256 KiB, in base64, and room for RelayState and escapes. */
export const formLimit = 512 * 1024;

const names = ['SAMLRequest', 'SAMLResponse', 'RelayState'] as const;

/** The fields of a form that messages travel in (SAML Bindings 2.0, 3.5.4); one that is repeated is none. */
export function fieldsOf(body: unknown): { [Name in (typeof names)[number]]?: string } {
  const given = body as Record<string, unknown>;
  const found = names.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : []));
  return Object.fromEntries(found);
}
