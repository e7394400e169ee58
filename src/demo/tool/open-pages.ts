import { randomBytes } from 'node:crypto';

/** Pages that a launch has opened, in memory. The key in the path is the session: a frame may be kept from having cookies. */
export interface OpenPages<Content> {
  /** @returns the key */
  open(content: Content, now: number): string;
  find(key: string, now: number): Content | undefined;
  /** Closes a page that is good for one answer. */
  take(key: string, now: number): Content | undefined;
}

const lifetime = 2 * 60 * 60 * 1000;

export function createOpenPages<Content>(): OpenPages<Content> {
  const pages = new Map<string, { content: Content; expiresAt: number }>();
  function find(key: string, now: number): Content | undefined {
    const page = pages.get(key);
    return page && page.expiresAt > now ? page.content : undefined;
  }
  return {
    open(content, now) {
      for (const [key, { expiresAt }] of pages) {
        if (expiresAt > now) break;
        pages.delete(key);
      }
      const key = randomBytes(24).toString('base64url');
      pages.set(key, { content, expiresAt: now + lifetime });
      return key;
    },
    find,
    take(key, now) {
      const content = find(key, now);
      pages.delete(key);
      return content;
    },
  };
}
