import type { BringableField, FamilyName } from '../../../../contracts/lms.ts';

/** What an LMS shows of a tool that was entered there. */
export type PastedField = BringableField | 'clientId' | 'deploymentId';
export type Pasted = Partial<Record<PastedField, string>>;

/** By the names that LMSs have for it, also as members of OpenID documents; the first that fits counts. */
const labels: readonly (readonly [PastedField | 'nothing', RegExp])[] = [
  ['deploymentId', /deployment[ _-]?ids?\b/i],
  ['clientId', /client[ _-]?id\b/i],
  // Of a tool's own keys, or whom a token is for: it is not asked for.
  ['nothing', /audience|tool.*(?:key ?set|jwks)|userinfo|registration/i],
  ['jwksUrl', /key ?set|jwks?\b|jwks_uri|public key/i],
  ['tokenUrl', /token/i],
  ['authorizeUrl', /authenti\w+|authori[sz]ation|oidc.*(?:login|auth)/i],
  ['issuer', /issuer|platform id\b/i],
];

const isAddress = (field: PastedField) => !['clientId', 'deploymentId'].includes(field);

/**
 * Reads what somebody copied from their LMS in one go: a name and its value in a line, or in two that follow each other, or members
 * of a JSON document. What cannot be read is left out; what is said twice counts as it was said first. Pure.
 */
export function readPasted(text: string): Pasted {
  const found: Pasted = {};
  let open: PastedField | undefined;
  const take = (field: PastedField, value: string) => {
    const isFit = isAddress(field) ? isHttps(value) : /^[\x21-\x7e]{1,255}$/.test(value);
    if (isFit && found[field] === undefined) found[field] = value;
  };
  for (const raw of text.slice(0, 20_000).split(/[\r\n]+/)) {
    const line = raw.replace(/["',{}]/g, ' ').trim();
    if (line === '') continue;
    const [, label = line, value = ''] = /^([^:=\t]{2,80}?)\s*[:=\t]\s*(\S.*)$/.exec(line) ?? [];
    const field = fieldOf(label.trim());
    if (open !== undefined && field === undefined) take(open, line);
    open = undefined;
    if (field === undefined || field === 'nothing') continue;
    if (value === '') open = field;
    else take(field, value.trim());
  }
  return found;
}

function fieldOf(label: string): PastedField | 'nothing' | undefined {
  // An address that stands alone is a value, whatever words are in it.
  if (/^https?$|\/\//i.test(label)) return undefined;
  return labels.find(([, pattern]) => pattern.test(label))?.[0];
}

function isHttps(value: string): boolean {
  return /^https?:\/\/\S{1,2000}$/.test(value) && URL.canParse(value);
}

/** Hosts under which vendors serve their customers' LMSs. */
const hosted: readonly (readonly [FamilyName, readonly string[]])[] = [
  ['canvas', ['instructure.com']],
  ['moodle', ['moodlecloud.com']],
  ['blackboard', ['blackboard.com']],
  ['brightspace', ['brightspace.com', 'desire2learn.com']],
  ['schoology', ['schoology.com']],
];

/** Which LMS stands at an address, where its vendor's own name says so; undefined: any may. Pure. */
export function familyAt(site: string): FamilyName | undefined {
  if (!URL.canParse(site)) return undefined;
  const { hostname } = new URL(site);
  return hosted.find(([, hosts]) =>
    hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`)),
  )?.[0];
}
