import { ConnectorError, type ConnectorResponse } from '../../contracts/connector.ts';

export type Member = Readonly<Record<string, unknown>>;

/**
 * The rows of a list. An answer of another form is a failure and never "no records".
 *
 * @throws ConnectorError `answer_invalid`
 */
export function readRows(response: ConnectorResponse, collection: string): readonly Member[] {
  const answer = response.json();
  const list = isMember(answer) && Object.hasOwn(answer, collection) ? answer[collection] : undefined;
  if (!Array.isArray(list) || !list.every(isMember)) {
    throw new ConnectorError(
      'answer_invalid',
      'envelope_wrong',
      `The source answers without a list of ${collection}. Check the address and the version; if they are right, ask the product's support.`,
    );
  }
  return list;
}

/** Codes of an error's body (1.1, error codes: imsx_codeMinor; 1.2 REST binding, error codes: imsx_CodeMinor). */
export function readMinorCodes(response: ConnectorResponse): string[] {
  let body: unknown;
  try {
    body = response.json();
  } catch {
    // Plain text: it names no code.
    return [];
  }
  const status = isMember(body) && isMember(body.imsx_StatusInfo) ? body.imsx_StatusInfo : body;
  if (!isMember(status)) return [];
  const minor = status.imsx_CodeMinor ?? status.imsx_codeMinor;
  if (typeof minor === 'string') return [minor];
  const fields = isMember(minor) ? minor.imsx_codeMinorField : undefined;
  if (!Array.isArray(fields)) return [];
  return fields.flatMap((field) =>
    isMember(field) && typeof field.imsx_codeMinorFieldValue === 'string'
      ? [field.imsx_codeMinorFieldValue]
      : [],
  );
}

/** X-Total-Count, where it is a number. */
export function readTotal({ headers }: ConnectorResponse): number | undefined {
  const text = headers['x-total-count']?.trim() ?? '';
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/** The source's time at an answer (RFC 9110 §6.6.1), in unix milliseconds. */
export function readDate({ headers }: ConnectorResponse): number | undefined {
  const time = Date.parse(headers.date ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/**
 * The next page by Link (RFC 8288): its whole address, or `counted` where it has an offset, which the hub counts itself; null
 * where there is a Link without one, undefined without any.
 *
 * @throws ConnectorError `answer_invalid` where it leads to another origin, which must not get the hub's credentials
 */
export function readNext({ headers }: ConnectorResponse, asked: string): URL | 'counted' | null | undefined {
  if (headers.link === undefined || headers.link.trim() === '') return undefined;
  for (const [, target = '', parameters = ''] of headers.link.matchAll(/<([^>]*)>((?:\s*;[^,<]*)*)/g)) {
    if (!/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\b)/i.test(parameters)) continue;
    const url = URL.canParse(target, asked) ? new URL(target, asked) : undefined;
    const names = [...(url?.searchParams.keys() ?? [])].map((name) => name.toLowerCase());
    // It need not be followed, wherever it leads.
    if (names.includes('offset')) return 'counted';
    if (url?.origin !== new URL(asked).origin) {
      throw new ConnectorError(
        'answer_invalid',
        'next_link_elsewhere',
        'The source names a next page at another address than its own, which the hub does not follow. Enter the address that the product names in its links.',
      );
    }
    return url;
  }
  return null;
}

export function isMember(value: unknown): value is Member {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
