/** A form on its way back from the identity provider. */
export interface PeerForm {
  action: string;
  fields: Record<string, string>;
}

/** A browser at SimpleSAMLphp: it keeps cookies and follows redirects by hand. */
export class PeerVisitor {
  readonly #cookies = new Map<string, string>();

  /** Goes through the form for name and password, to the form that brings the answer back. */
  async signIn(address: string, user: string): Promise<PeerForm> {
    const { url, body } = await this.#open(address);
    if (hasAnswer(body)) return readForm(body, url);
    const asked = readForm(body, url);
    const fields = { ...asked.fields, username: user, password: 'pw' };
    const answered = await this.#open(asked.action, new URLSearchParams(fields));
    if (hasAnswer(answered.body)) return readForm(answered.body, answered.url);
    throw new Error(`No answer at ${new URL(answered.url).pathname}`);
  }

  async isAskedForPassword(address: string): Promise<boolean> {
    return (await this.#open(address)).body.includes('name="password"');
  }

  /** Follows redirects until one leads to a path. @returns that address, which is not opened */
  async follow(address: string, path: string): Promise<string> {
    const { url } = await this.#open(address, undefined, path);
    if (new URL(url).pathname === path) return url;
    throw new Error(`It ended at ${new URL(url).pathname}`);
  }

  async #open(
    address: string,
    form?: URLSearchParams,
    until?: string,
  ): Promise<{ url: string; body: string }> {
    let url = address;
    let body = form;
    for (let hops = 0; hops < 10; hops += 1) {
      if (until !== undefined && new URL(url).pathname === until) return { url, body: '' };
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(body !== undefined && { method: 'POST', body }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        this.#cookies.set(name, value);
      }
      const location = response.headers.get('location');
      if (location === null) return { url, body: await response.text() };
      url = new URL(location, url).href;
      body = undefined;
    }
    throw new Error('It redirects without end');
  }
}

const hasAnswer = (page: string) => page.includes('name="SAMLResponse"');

function readForm(page: string, url: string): PeerForm {
  const action = unescaped(/<form[^>]*\baction="([^"]*)"/.exec(page)?.[1] ?? '');
  const inputs = [...page.matchAll(/<input\b[^>]*>/g)].map(([input]) => ({
    name: /\bname="([^"]*)"/.exec(input)?.[1] ?? '',
    value: unescaped(/\bvalue="([^"]*)"/.exec(input)?.[1] ?? ''),
  }));
  const fields = Object.fromEntries(
    inputs.filter(({ name }) => name !== '').map(({ name, value }) => [name, value]),
  );
  return { action: new URL(action === '' || action === '?' ? url : action, url).href, fields };
}

function unescaped(text: string): string {
  return text
    .replaceAll('&#x3A;', ':')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
