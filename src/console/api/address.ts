/** Values for a query; what is undefined or null is left out. An empty text is sent: filters take it for “none”. */
export type QueryValues = Readonly<Record<string, string | number | boolean | undefined | null>>;

/**
 * The address of one call.
 *
 * @param path a contract's path, with parameters in braces (OpenAPI 3.1 §4.8.8)
 * @throws Error where a parameter of the path is missing
 */
export function buildAddress(
  path: string,
  params: Readonly<Record<string, unknown>> = {},
  query: QueryValues = {},
): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_braces, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`"${path}" needs a value for "${name}"`);
    return encodeURIComponent(String(value));
  });
  const values = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) values.set(name, String(value));
  }
  return values.size === 0 ? filled : `${filled}?${values}`;
}
