import { tokenPath } from './token/grant.ts';

/** Whether an address is called by servers of tools and LMSs, and not opened by people's browsers. */
export function isServiceCall(url: string): boolean {
  return url.startsWith(tokenPath) || /^\/t\/[^/?]*\/(ags|nrps|groups|notices|lti\/notices)\//.test(url);
}
