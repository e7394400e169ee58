import { tokenPath } from './token/grant.ts';

/** Whether an address is called by tools' servers, and not opened by people's browsers. */
export function isServiceCall(url: string): boolean {
  return url.startsWith(tokenPath) || /^\/t\/[^/?]*\/(ags|nrps|groups|notices)\//.test(url);
}
