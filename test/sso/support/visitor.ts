import { type Answer, readForm, send } from '../../demo/support/user-agent.ts';

/** A browser as far as signing in needs one: it keeps cookies, and says where its forms come from. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly origin: string;
  readonly headers: Record<string, string>;

  constructor(origin: string, headers: Record<string, string> = {}) {
    this.origin = origin;
    this.headers = headers;
  }

  open(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#send(path, { headers });
  }

  /** Posts a form as one of the hub's own pages does. */
  post(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#send(path, { form, headers: { 'sec-fetch-site': 'same-origin', ...headers } });
  }

  /** Opens the form of a directory and sends it. */
  async signIn(path: string, username: string, password = `${username}-password`): Promise<Answer> {
    const form = readForm((await this.open(path)).body);
    return this.post(form.action, { ...form.fields, username, password });
  }

  /** The name and the value of the cookie of a session. */
  get session(): [string, string] | undefined {
    return [...this.cookies].find(([name]) => name.startsWith('__Host-ghs-'));
  }

  async #send(path: string, sending: { form?: Record<string, string>; headers: Record<string, string> }) {
    const answer = await send(new URL(path, this.origin).href, {
      ...sending,
      headers: { ...this.headers, ...sending.headers },
      cookies: [...this.cookies].map(([name, value]) => `${name}=${value}`),
    });
    for (const cookie of answer.setCookies) this.#keep(cookie);
    return answer;
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const [name = ''] = pair.split('=');
    if (/Max-Age=0\b/.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(name.length + 1));
  }
}
