import type { WireAnswer } from '../load/connections.ts';

/** What a browser sends with every request, as it frames a page from another site. */
export const browserHeaders: Readonly<Record<string, string>> = {
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language': 'en-GB,en;q=0.9',
  'sec-fetch-dest': 'iframe',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'cross-site',
};

export const formType = { 'content-type': 'application/x-www-form-urlencoded' };

/** The cookies an answer sets, as a browser sends them back. */
export function cookiesOf({ headers }: WireAnswer): string {
  return [headers['set-cookie'] ?? []]
    .flat()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
}

/** Where an answer redirects to. @throws Error when it does not */
export function redirectOf({ status, headers }: WireAnswer, expected: number): URL {
  if (status !== expected) throw new Error(`status ${expected} is expected`);
  return new URL(String(headers.location), 'https://relative.example');
}

/** A parameter that must be there. */
export function need(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (value === null || value === '') throw new Error(`"${name}" is missing`);
  return value;
}

export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${what} is ${String(actual)} and should be ${String(expected)}`);
}

/** The hidden fields of a page's form, and where it posts. */
export function formOf({ body }: WireAnswer): { action: string; fields: Map<string, string> } {
  const action = plain(/<form[^>]* action="([^"]*)"/.exec(body)?.[1] ?? '');
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of body.matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)">/g,
  )) {
    fields.set(name, plain(value));
  }
  return { action, fields };
}

function plain(text: string): string {
  const characters: Record<string, string> = { quot: '"', '#39': "'", lt: '<', gt: '>', amp: '&' };
  return text.replace(/&(quot|#39|lt|gt|amp);/g, (_, name: string) => characters[name]!);
}
