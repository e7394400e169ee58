import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../../platform/clock.ts';
import { DomainError } from '../../../platform/errors.ts';
import type { PlatformSettings } from '../sample-tool.ts';
import type { ToolSigner } from '../signing-key.ts';

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number().default(60) });

/** Gives an access token for the scopes; `fresh` asks for one that the platform has not given before. */
export type AccessTokenSource = (scopes: readonly string[], fresh: boolean) => Promise<string>;

/**
 * Asks the platform's token endpoint, by a signed assertion (Security Framework 1.0 §4.1), and keeps the token until
 * shortly before its end. The source throws `upstream` when it gets none.
 */
export function createAccessTokenSource(options: {
  platform: PlatformSettings;
  signer: ToolSigner;
  fetch: typeof fetch;
  clock: Clock;
}): AccessTokenSource {
  const { platform, signer, clock } = options;
  const kept = new Map<string, { token: string; until: number }>();

  async function ask(scope: string): Promise<{ token: string; until: number }> {
    const { tokenUrl = '', clientId } = platform;
    const now = Math.floor(clock.now() / 1000);
    // Security Framework 1.0 §4.1.1: the tool is issuer and subject.
    const claims = {
      iss: clientId,
      sub: clientId,
      aud: tokenUrl,
      iat: now,
      exp: now + 300,
      jti: randomUUID(),
    };
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await signer.sign(claims),
      scope,
    });
    // The type is named, since one fetch does not know the URLSearchParams of another.
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const answer = await options.fetch(tokenUrl, { method: 'POST', headers, body: body.toString() });
    if (!answer.ok) throw new TypeError(`HTTP ${answer.status}`);
    const given = tokenAnswer.parse(await answer.json());
    return { token: given.access_token, until: clock.now() + (given.expires_in - 30) * 1000 };
  }

  return async (scopes, fresh) => {
    const scope = scopes.join(' ');
    const known = kept.get(scope);
    if (known && known.until > clock.now() && !fresh) return known.token;
    try {
      const given = await ask(scope);
      kept.set(scope, given);
      return given.token;
    } catch (cause) {
      const message = 'The learning platform gave this tool no access token.';
      throw new DomainError('upstream', 'token_not_given', message, { cause });
    }
  };
}
