/**
 * The Cookie header that answers Set-Cookie fields, joined by commas as they reach a connector: names and values only
 * (RFC 6265 §4.2.1).
 */
export function cookiesOf(setCookie: string | undefined): string | undefined {
  if (setCookie === undefined) return undefined;
  // A comma parts two cookies only where a name and an equals sign follow: dates hold commas too.
  const pairs = setCookie.split(/,(?=\s*[^;,=\s]+=)/).map((cookie) => cookie.split(';')[0]?.trim() ?? '');
  return pairs.filter((pair) => pair.includes('=')).join('; ') || undefined;
}
