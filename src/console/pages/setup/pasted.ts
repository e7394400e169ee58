import type { BringableField, FamilyName } from '../../../../contracts/lms.ts';

/** What an LMS shows of a tool that was entered there. */
export type PastedField = BringableField | 'clientId' | 'deploymentId';
export type Pasted = Partial<Record<PastedField, string>>;

/** By the names that LMSs have for it, also as members of OpenID documents; the first that fits counts. */
const labels: readonly (readonly [PastedField | 'nothing', RegExp])[] = [
  // What is to be kept secret goes into no field that is shown and sent, whatever else stands in its name.
  ['nothing', /secret|passw|priva[td]/i],
  ['deploymentId', /deployment[ _-]?ids?\b/i],
  ['clientId', /client[ _-]?id\b/i],
  // Of a tool's own keys, or whom a token is for: it is not asked for.
  ['nothing', /audience|authori[sz]ation[ _]server|tool.*(?:key ?set|jwks)|userinfo|registration/i],
  ['jwksUrl', /key ?set|jwks?\b|jwks_uri|public key/i],
  ['tokenUrl', /token/i],
  ['authorizeUrl', /authenti\w+|authori[sz]ation|oidc.*(?:login|auth)/i],
  ['issuer', /issuer|platform id\b/i],
];

const isAddress = (field: PastedField) => !['clientId', 'deploymentId'].includes(field);

/** Longest text that is read, in UTF-16 code units. */
const longest = 20_000;

/**
 * Reads what somebody copied from their LMS in one go: a JSON document, or names with their values, in a line, in two that follow
 * each other or in the columns of a table. What cannot be read is left out; what is said twice counts as it was said first. Pure.
 *
 * @param options.allowLoopback takes plain http from this machine, as a demo does
 */
export function readPasted(text: string, { allowLoopback = false } = {}): Pasted {
  const read = text.slice(0, longest);
  const found: Pasted = {};
  for (const [field, value] of readDocument(read) ?? readLines(read)) {
    if (found[field] === undefined && isFit(field, value, allowLoopback)) found[field] = value;
  }
  return found;
}

type Said = readonly [PastedField, string];

/** The members of a JSON object, in one line or many; undefined: it is none. */
function readDocument(text: string): Said[] | undefined {
  const document = parseJson(text);
  if (typeof document !== 'object' || document === null) return undefined;
  return Object.entries(document).flatMap(([name, value]) => {
    const field = fieldOf(name);
    const isValue = typeof value === 'string' || Number.isSafeInteger(value);
    return isValue && field !== undefined && field !== 'nothing' ? [[field, String(value)] as const] : [];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readLines(text: string): Said[] {
  const said: Said[] = [];
  let open: PastedField | undefined;
  for (const line of text.split(/[\r\n]+/)) {
    const cells = cellsOf(line);
    for (const cell of cells) {
      const { label, value } = splitLabel(cell);
      const field = fieldOf(label);
      if (open !== undefined && field === undefined) said.push([open, cell]);
      open = undefined;
      if (field === undefined || field === 'nothing') continue;
      if (value === '') open = field;
      else said.push([field, value]);
    }
    // Below the heads of columns stand the values of all of them, and not the last one's alone.
    if (cells.length > 1) open = undefined;
  }
  return said;
}

/** What stands in a line: a name with its value, also where a tab parts these two, or several of them parted by tabs. */
function cellsOf(line: string): string[] {
  const cells = line
    .replace(/["',{}]/g, ' ')
    .split('\t')
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '');
  const [name, value] = cells;
  const isPair = cells.length === 2 && value !== undefined && fieldOf(splitLabel(value).label) === undefined;
  return isPair ? [`${name}\t${value}`] : cells;
}

function splitLabel(cell: string): { label: string; value: string } {
  const [, label = cell, value = ''] = /^([^:=\t]{2,80}?)\s*[:=\t]\s*(\S.*)$/.exec(cell) ?? [];
  return { label, value };
}

function fieldOf(label: string): PastedField | 'nothing' | undefined {
  // An address that stands alone is a value, whatever words are in it.
  if (label.length > 100 || /^https?$|\/\//i.test(label)) return undefined;
  return labels.find(([, pattern]) => pattern.test(label))?.[0];
}

function isFit(field: PastedField, value: string, allowLoopback: boolean): boolean {
  return isAddress(field) ? isSite(value, allowLoopback) : /^[\x21-\x7e]{1,255}$/.test(value);
}

/** Of an LMS, with no name and password in it. */
function isSite(value: string, allowLoopback: boolean): boolean {
  if (!/^https?:\/\/\S{1,2000}$/i.test(value) || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  const isSafe = protocol === 'https:' || (allowLoopback && /(^|\.)localhost$|^127\.0\.0\.1$/.test(hostname));
  return isSafe && username === '' && password === '';
}

/** Hosts under which vendors serve their customers' LMSs. */
const hosted: readonly (readonly [FamilyName, readonly string[]])[] = [
  ['canvas', ['instructure.com']],
  ['moodle', ['moodlecloud.com']],
  ['blackboard', ['blackboard.com']],
  ['brightspace', ['brightspace.com', 'desire2learn.com']],
  ['schoology', ['schoology.com']],
];

/** Which LMS stands at an address, where the host is its vendor's own; undefined: the host does not tell. Pure. */
export function familyAt(site: string): FamilyName | undefined {
  if (!URL.canParse(site)) return undefined;
  const { hostname } = new URL(site);
  return hosted.find(([, hosts]) =>
    hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`)),
  )?.[0];
}
