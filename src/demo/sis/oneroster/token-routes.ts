import { randomBytes } from 'node:crypto';
import type { Request, Response, Router } from 'express';
import express from 'express';
import type { Consumer } from './signed-call.ts';

export interface BearerTokens {
  /** Scopes of a token that is good now. */
  find(token: string, now: number): readonly string[] | undefined;
  issue(scopes: readonly string[], now: number): string;
  /** All tokens end at once. */
  endAll(): void;
  /** Tokens that were given out so far. */
  issued(): number;
}

export function createBearerTokens(lifetimeSeconds: number): BearerTokens {
  const held = new Map<string, { scopes: readonly string[]; endsAt: number }>();
  let count = 0;
  return {
    find(token, now) {
      const found = held.get(token);
      return found && found.endsAt > now ? found.scopes : undefined;
    },
    issue(scopes, now) {
      count += 1;
      const token = randomBytes(24).toString('base64url');
      held.set(token, { scopes, endsAt: now + lifetimeSeconds * 1000 });
      return token;
    },
    endAll: () => held.clear(),
    issued: () => count,
  };
}

export interface TokenOptions {
  consumer: Consumer;
  tokens: BearerTokens;
  lifetimeSeconds: number;
  /** Whole scopes that the consumer may have. */
  scopes: readonly string[];
  now: () => number;
}

/** Client credentials with a secret (RFC 6749 §4.4), by header or form (§2.3.1). 1.2, security. */
export function tokenRoutes({ consumer, tokens, lifetimeSeconds, scopes, now }: TokenOptions): Router {
  const router = express.Router();
  const form = express.urlencoded({ extended: false, limit: '64kb' });
  router.post('/token', form, (request: Request, response: Response) => {
    response.set('Cache-Control', 'no-store');
    const body = (request.body ?? {}) as Record<string, unknown>;
    const { id, secret } = credentialsOf(request.get('authorization'), body);
    if (id !== consumer.clientId || secret !== consumer.clientSecret) {
      return response.status(401).set('WWW-Authenticate', 'Basic').json({ error: 'invalid_client' });
    }
    if (body.grant_type !== 'client_credentials') {
      return response.status(400).json({ error: 'unsupported_grant_type' });
    }
    const named = String(body.scope ?? '')
      .split(' ')
      .filter((name) => name !== '');
    // §3.3: without any, those that the consumer has anyway.
    const asked = named.length === 0 ? scopes : named;
    // What is not granted is refused as a whole here; some providers grant the rest.
    if (asked.some((name) => !scopes.includes(name))) {
      return response.status(400).json({ error: 'invalid_scope' });
    }
    return response.json({
      access_token: tokens.issue(asked, now()),
      token_type: 'bearer',
      expires_in: lifetimeSeconds,
      scope: asked.join(' '),
    });
  });
  return router;
}

function credentialsOf(header: string | undefined, body: Record<string, unknown>) {
  const basic = /^Basic (.+)$/i.exec(header ?? '')?.[1];
  if (basic === undefined) return { id: body.client_id, secret: body.client_secret };
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':');
  const decode = (text: string) => new URLSearchParams(`a=${text}`).get('a') ?? '';
  return { id: decode(id), secret: decode(secret) };
}
