/** A browser that keeps cookies by origin and follows redirects as far as it is told. */
export interface Browser {
  /** Puts a cookie in, as an answer would have. */
  keep(url: string, cookie: string): void;
  /** The Cookie header that this address is sent. */
  cookies(url: string): string;
  open(url: string, form?: Record<string, string>): Promise<Page>;
  /** Follows redirects until an address begins with `until`, which is not opened, or there is a page. */
  follow(url: string, until: string, form?: Record<string, string>): Promise<Page>;
}

export interface Page {
  url: string;
  status: number;
  text: string;
  /** Where a redirect leads. */
  location: string | undefined;
}

export function openBrowser(): Browser {
  const jar = new Map<string, Map<string, string>>();
  const of = (url: string) => {
    const { origin } = new URL(url);
    const kept = jar.get(origin) ?? new Map<string, string>();
    jar.set(origin, kept);
    return kept;
  };
  const keep = (url: string, cookie: string) => {
    const [pair = '', ...attributes] = cookie.split(';');
    const name = pair.slice(0, pair.indexOf('='));
    const isOver = attributes.some((each) => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(each));
    if (isOver) of(url).delete(name);
    else of(url).set(name, pair.slice(name.length + 1));
  };
  const browser: Browser = {
    keep,
    cookies: (url) => [...of(url)].map(([name, value]) => `${name}=${value}`).join('; '),
    async open(url, form) {
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: browser.cookies(url), accept: 'text/html', 'sec-fetch-site': 'same-origin' },
        ...(form !== undefined && { method: 'POST', body: new URLSearchParams(form) }),
      });
      for (const cookie of response.headers.getSetCookie()) keep(url, cookie);
      const location = response.headers.get('location');
      return {
        url,
        status: response.status,
        text: await response.text(),
        location: location === null ? undefined : new URL(location, url).href,
      };
    },
    async follow(url, until, form) {
      let page = await browser.open(url, form);
      for (let hops = 0; page.location !== undefined && !page.location.startsWith(until); hops++) {
        if (hops === 20) throw new Error(`Too many redirects, the last one to ${page.location}`);
        page = await browser.open(page.location);
      }
      return page;
    },
  };
  return browser;
}
