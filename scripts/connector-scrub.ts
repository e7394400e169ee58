import type { Exchange, Recording } from './connector-recording.ts';
import { type KnownValues, modelMembers, personalNames, secretMembers } from './connector-scrub-values.ts';

/** A fixture in nock's own form (`nock.define`). Requests' headers and bodies are never part of it. */
export interface Fixture {
  scope: string;
  method: string;
  path: string;
  status: number;
  response: unknown;
  headers: Record<string, string>;
}

/** Headers of answers that connectors look at; all others are left out. */
const keptHeaders = ['content-type', 'date', 'last-modified', 'link', 'retry-after', 'x-total-count'];
/** Members whose words belong to the protocol. */
const protocolNames =
  /^(imsx_.*|type|kind|role|roletype|status|classtype|scorestatus|token_type|scope|href|importance)$/;
const idNames = /(^|sourced)id$/;

/**
 * Makes fixtures of a recording in which nobody's data and no secret is left. Nothing is kept because it looks harmless:
 * a text stays only where it is known to belong to no person, and everything else becomes a made-up value, the same one
 * each time, so that references still lead somewhere.
 *
 * @throws Error where something of the originals would remain; the message does not name it
 */
export function scrub({ exchanges }: Recording, known: KnownValues, host: string): Fixture[] {
  const scrubber = createScrubber(known, new Set(exchanges.map(({ url }) => new URL(url).origin)), host);
  const fixtures = exchanges.map((exchange) => toFixture(exchange, scrubber));
  const text = JSON.stringify(withoutModelMembers(fixtures)).toLowerCase();
  const left = [...known.secrets, ...known.personal].filter((value) => text.includes(jsonText(value)));
  if (left.length > 0) {
    throw new Error(`${left.length} values of the source would remain in the fixtures. Nothing was written.`);
  }
  return fixtures;
}

/** The same values; the model's own names of members tell of nobody. */
function withoutModelMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutModelMembers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([member, below]) => [
    modelMembers.has(member) ? '' : member,
    withoutModelMembers(below),
  ]);
}

type Scrubber = ReturnType<typeof createScrubber>;

function toFixture({ method, url, status, headers, body }: Exchange, scrubber: Scrubber): Fixture {
  const { origin, pathname, search } = new URL(url);
  const kept = keptHeaders.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, scrubber.address(value)] as const];
  });
  // Names alone: some products send the next call where their cookie says.
  const cookie = /^\s*([\w-]+)=/.exec(headers['set-cookie'] ?? '')?.[1];
  return {
    scope: scrubber.origin(origin),
    method,
    path: scrubber.address(`${pathname}${search}`),
    status,
    response: scrubBody(body, scrubber),
    headers: {
      ...Object.fromEntries(kept),
      ...(cookie !== undefined && { 'set-cookie': `${cookie}=made-up` }),
    },
  };
}

function scrubBody(body: string, scrubber: Scrubber): unknown {
  try {
    return scrubber.json(JSON.parse(body));
  } catch {
    // Nothing tells what is whose in a plain text.
    return body === '' ? '' : 'text';
  }
}

function createScrubber(
  { secrets, personal, allowed, ids }: KnownValues,
  origins: ReadonlySet<string>,
  host: string,
) {
  const made = new Map<string, string>();
  const idOf = new Map(ids.map((id, index) => [id, `id-${String(index + 1).padStart(6, '0')}`]));
  const hidden = [...secrets, ...personal].toSorted((a, b) => b.length - a.length);
  const parts = hidden.flatMap((value) => [
    value,
    encodeURIComponent(value),
    Buffer.from(value).toString('base64'),
  ]);
  const pattern = parts.length === 0 ? undefined : new RegExp(parts.map(literally).join('|'), 'gi');

  /** The same made-up text for the same original. */
  const madeUp = (value: string): string => {
    const known = made.get(value.toLowerCase()) ?? `made-up-${made.size + 1}`;
    made.set(value.toLowerCase(), known);
    return known;
  };
  const origin = (value: string) => (origins.has(value) ? `https://${host}` : 'https://elsewhere.example');
  const withoutHidden = (text: string) =>
    pattern === undefined ? text : text.replace(pattern, (found) => madeUp(found));
  /** A path, a query or a header: ids stand in it as whole segments or values. */
  const address = (text: string) =>
    withoutHidden(
      [...origins]
        .reduce((left, from) => left.replaceAll(from, `https://${host}`), text)
        .replace(/[^/?&=#<>,;:'"\s]+/g, (segment) => idOf.get(decode(segment)) ?? segment),
    );

  function leaf(name: string, value: string): string {
    if (value === '') return value;
    if (secretMembers.has(name) || secrets.has(value)) return madeUp(value);
    const id = idOf.get(value);
    if (id !== undefined && !allowed.has(value)) return id;
    if (id !== undefined && idNames.test(name)) return id;
    if (personalNames.has(name)) return madeUpAs(value, madeUp);
    if (idNames.test(name)) return madeUp(value);
    if (personal.has(value)) return madeUpAs(value, madeUp);
    if (protocolNames.test(name)) return address(value);
    if (allowed.has(value) || isMoment(value) || /^(true|false)$/i.test(value)) return withoutHidden(value);
    return madeUp(value);
  }

  function json(value: unknown, name = ''): unknown {
    if (Array.isArray(value)) return value.map((item) => json(item, name));
    if (typeof value === 'string') return leaf(name, value);
    if (typeof value === 'number') {
      const isKnown = personal.has(String(value)) || personalNames.has(name) || idOf.has(String(value));
      // Long ones are telephone numbers, or numbers of people.
      return isKnown || Math.abs(value) >= 1e6 ? 1_000_000 : value;
    }
    if (typeof value === 'boolean') return personalNames.has(name) ? false : value;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([member, below]) => [
        modelMembers.has(member) ? member : withoutHidden(member),
        json(below, member.toLowerCase()),
      ]),
    );
  }

  return { origin, address, json: (value: unknown) => json(value) };
}

/** Made up in the form of the original, where its form is looked at. */
function madeUpAs(value: string, madeUp: (value: string) => string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return '2001-01-01';
  if (/^(true|false)$/i.test(value)) return 'false';
  return value.includes('@') ? `${madeUp(value)}@school.example` : madeUp(value);
}

function isMoment(value: string): boolean {
  return /^\d{4}(-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?)?$/.test(value);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** As it would stand in JSON, in small letters. */
function jsonText(value: string): string {
  return JSON.stringify(value).slice(1, -1).toLowerCase();
}
