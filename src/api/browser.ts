import type { Request, Response } from 'express';
import { type HostCookie, serializeHostCookie } from '../platform/http/cookies.ts';

/** What signing in and out needs of a request beside its content. */
export interface Browser {
  address: string | undefined;
  cookieHeader: string | undefined;
  setCookie(cookie: HostCookie): void;
}

export function browserOf(request: Request, response: Response): Browser {
  return {
    address: request.ip,
    cookieHeader: request.headers.cookie,
    setCookie: (cookie) => void response.append('Set-Cookie', serializeHostCookie(cookie)),
  };
}
