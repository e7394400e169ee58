import { z } from 'zod';
import { DomainError } from '../../platform/errors.ts';
import type { AccessTokenSource } from './grades/access-token.ts';

/** What the platform answered. */
export type Answer<Value> =
  | { ok: true; status: number; value: Value }
  /** `status` 0: there was no answer. The text may be shown. */
  | { ok: false; status: number; text: string };

export interface ServiceRequest {
  url: string;
  scopes: readonly string[];
  method?: string;
  headers: Record<string, string>;
  body?: string;
}

/** Calls a service of the platform with an access token. Failures are answers, never thrown. */
export type ServiceCall = <Value>(
  request: ServiceRequest,
  read: (answer: Response) => Promise<Value>,
) => Promise<Answer<Value>>;

export function createServiceCall(accessToken: AccessTokenSource, fetchService: typeof fetch): ServiceCall {
  return async ({ url, scopes, ...init }, read) => {
    try {
      const send = async (fresh: boolean) => {
        const authorization = `Bearer ${await accessToken(scopes, fresh)}`;
        return fetchService(url, { ...init, headers: { ...init.headers, authorization } });
      };
      const first = await send(false);
      // RFC 6750 §3.1: a token may end early; another one is worth one try.
      const answer = first.status === 401 ? await send(true) : first;
      if (!answer.ok) return { ok: false, status: answer.status, text: await problemText(answer) };
      return { ok: true, status: answer.status, value: await read(answer) };
    } catch (error) {
      const text = error instanceof DomainError ? error.message : 'The learning platform did not answer.';
      return { ok: false, status: 0, text };
    }
  };
}

/** What a refusal says in words: RFC 9457 §3.1.4. */
async function problemText(answer: Response): Promise<string> {
  const problem: unknown = await answer.json().catch(() => undefined);
  const { detail } = z.object({ detail: z.string().optional() }).catch({}).parse(problem);
  return detail ?? 'It gave no reason.';
}
