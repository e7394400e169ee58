/** Reads lines such as `name=value`; the value may hold more of the sign, and a line without it has an empty value. */
export function readPairs(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...rest] = line.split('=');
      return [name.trim(), rest.join('=').trim()];
    }),
  );
}
