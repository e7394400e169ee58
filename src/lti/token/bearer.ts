import type { Request } from 'express';
import { DomainError } from '../../platform/errors.ts';
import type { AccessGrant, AccessTokens, BearerRefusal } from './access-token.ts';

const messages: Record<BearerRefusal, string> = {
  token_missing:
    'Send the access token in the header "Authorization: Bearer …". The token endpoint gives one to every tool.',
  token_invalid: 'The access token is not one of this hub. Ask the token endpoint for a new one.',
  token_expired: 'The access token has expired. Ask the token endpoint for a new one.',
};

/**
 * What the caller's access token lets it do (RFC 6750 §2.1).
 *
 * @throws DomainError unauthenticated `token_missing`, `token_invalid`, `token_expired`
 */
export async function readGrant(
  request: Pick<Request, 'headers'>,
  accessTokens: Pick<AccessTokens, 'read'>,
): Promise<AccessGrant> {
  const read = await accessTokens.read(request.headers.authorization);
  if (read.ok) return read.grant;
  throw new DomainError('unauthenticated', read.refusal, messages[read.refusal]);
}

/**
 * Asks for one of several scopes, each of which is enough (RFC 6750 §3.1).
 *
 * @param anyOf in the order of least right first: the first is the one named to the caller
 * @throws DomainError forbidden `insufficient_scope`
 */
export function requireScope(grant: AccessGrant, anyOf: readonly string[]): void {
  if (anyOf.some((scope) => grant.scopes.includes(scope))) return;
  throw new DomainError(
    'forbidden',
    'insufficient_scope',
    `The access token lacks the scope for this. Ask the token endpoint for one with: ${anyOf.join(' or ')}.`,
    { details: { scope: anyOf[0] } },
  );
}
