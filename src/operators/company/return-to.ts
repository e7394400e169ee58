/** A page of the console, and no other address: nobody is sent elsewhere by a link (RFC 9700 §4.11). */
export function decideConsolePath(asked: unknown): string {
  const isOwn = typeof asked === 'string' && /^\/console(\/[\w./-]*)?(\?[\w=&%.-]*)?$/.test(asked);
  return isOwn && !asked.includes('..') && !asked.includes('//') ? asked : '/console';
}
