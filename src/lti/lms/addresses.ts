/**
 * The address of a line item's scores or results (AGS 2.0 §3.2.10, §3.3): the segment goes before a query string, which
 * Moodle's addresses have. Everything else stays as the LMS spelled it, an unescaped `+` included.
 */
export function addSegment(url: string, segment: 'scores' | 'results'): string {
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(url) ?? [];
  return `${path.replace(/\/+$/, '')}/${segment}${rest}`;
}

/** Adds query parameters, of which those that are undefined are left out; the ones already there stay as they are. */
export function addQuery(url: string, parameters: Record<string, string | undefined>): string {
  const [, address = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(url) ?? [];
  const added = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  if (added.length === 0) return url;
  const joint = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&';
  return `${address}${joint}${added.join('&')}${fragment}`;
}
