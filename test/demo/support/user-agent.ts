import { request as httpRequest } from 'node:http';

/** One answer, with what a browser would act on. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  location: string | undefined;
  setCookies: string[];
}

export interface Sending {
  form?: Record<string, string>;
  cookies?: readonly string[];
  headers?: Record<string, string>;
  /** POST with a form, else GET, unless told otherwise. */
  method?: 'HEAD';
}

/** Sends one request to 127.0.0.1 with the URL's own Host, as *.localhost needs no resolver then. */
export function send(url: string, sending: Sending = {}): Promise<Answer> {
  const { hostname, port, pathname, search, host } = new URL(url);
  const payload = sending.form && new URLSearchParams(sending.form).toString();
  const headers: Record<string, string> = { host, ...sending.headers };
  if (payload !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
  if (sending.cookies) headers.cookie = sending.cookies.map((cookie) => cookie.split(';')[0]).join('; ');
  if (!hostname.endsWith('localhost')) throw new Error(`Not a demo host: ${hostname}`);
  return new Promise((resolve, reject) => {
    const method = sending.method ?? (payload === undefined ? 'GET' : 'POST');
    const outgoing = httpRequest(
      { host: '127.0.0.1', port, path: pathname + search, method, headers, agent: false },
      (incoming) => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(parts).toString(),
            location: incoming.headers.location,
            setCookies: incoming.headers['set-cookie'] ?? [],
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

/** The form of a page: where it posts, and its hidden fields. */
export function readForm(page: string): { action: string; fields: Record<string, string> } {
  const action = plainText(/<form[^>]* action="([^"]*)"/.exec(page)?.[1] ?? '');
  const inputs = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return {
    action,
    fields: Object.fromEntries([...inputs].map((input) => [input[1]!, plainText(input[2]!)])),
  };
}

/** Value of a page's element with this data-fact attribute, as text. */
export function readFact(page: string, name: string): string {
  const inner = new RegExp(`data-fact="${name}"[^>]*>(.*?)</(?:dd|span|li|strong)>`).exec(page)?.[1] ?? '';
  return plainText(inner.replace(/<[^>]*>/g, ''));
}

function plainText(text: string): string {
  const characters: Record<string, string> = { quot: '"', '#39': "'", lt: '<', gt: '>', amp: '&' };
  return text.replace(/&(quot|#39|lt|gt|amp);/g, (_, name: string) => characters[name]!);
}
