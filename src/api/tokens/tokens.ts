import { z } from 'zod';
import { type ApiScope, apiScopes } from '../../../contracts/http/scopes.ts';
import { type ApiTokenId, newId, type TenantId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { handsOf } from '../../operators/hands.ts';
import type { Database, HubTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseInput } from '../../platform/input.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { displayName } from '../../tenants/slug.ts';
import { type ApiToken, hashToken, makeToken, tokenState } from './token.ts';
import {
  findToken,
  findTokenByHash,
  insertToken,
  listTokens,
  markRevoked,
  noteUse,
  type TokenPage,
} from './token-store.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;

const newToken = z.strictObject({
  name: displayName,
  scopes: z
    .array(z.enum(apiScopes, { error: `A scope is one of: ${apiScopes.join(', ')}.` }))
    .min(1, { error: 'Give a scope.' }),
  onlyTenantId: z.uuid().optional(),
  days: z
    .int()
    .min(1, { error: 'A token lives for a day at least.' })
    .max(3650, { error: 'A token lives for 3650 days at most.' })
    .default(90),
});

export interface NewApiToken {
  name: string;
  scopes: readonly ApiScope[];
  /** The one tenant it reaches; without it, every tenant. */
  onlyTenantId?: TenantId;
  /** How long it lives; 90 days if not said. */
  days?: number;
}

/**
 * Makes a token. It is shown this once: only its hash is kept.
 *
 * @throws DomainError input `api_token_invalid`
 */
export async function createApiToken(
  tx: HubTx,
  input: NewApiToken,
  by: ChangeBy,
): Promise<{ apiToken: ApiToken; token: string }> {
  const { name, scopes, onlyTenantId, days } = parseInput(newToken, input, 'api_token_invalid');
  const token = makeToken();
  const apiToken: ApiToken = {
    tokenId: newId<ApiTokenId>(by.now),
    name,
    scopes: [...new Set(scopes)],
    onlyTenantId: (onlyTenantId ?? null) as TenantId | null,
    createdAt: new Date(by.now),
    expiresAt: new Date(by.now + days * dayMs),
    lastUsedAt: null,
    revokedAt: null,
    madeBy: handsOf(by),
  };
  await insertToken(tx, apiToken, hashToken(token));
  const after = { name, scopes: apiToken.scopes, onlyTenantId: apiToken.onlyTenantId, days };
  await recordAudit(tx, { ...by, action: 'api_token.created', subject: subjectOf(apiToken.tokenId), after });
  return { apiToken, token };
}

/** Every token or one page of them, newest first, also those that have ended. */
export function listApiTokens(tx: HubTx, page?: TokenPage): Promise<ApiToken[]> {
  return listTokens(tx, page);
}

/**
 * Ends a token at once, in every copy. One that was revoked before stays as it is.
 *
 * @throws DomainError not_found `api_token_unknown`
 */
export async function revokeApiToken(tx: HubTx, tokenId: ApiTokenId, by: ChangeBy): Promise<ApiToken> {
  const known = await findToken(tx, tokenId);
  if (known === undefined) {
    throw new DomainError('not_found', 'api_token_unknown', `There is no API token ${tokenId}.`);
  }
  const revokedAt = new Date(by.now);
  if (!(await markRevoked(tx, tokenId, revokedAt))) return known;
  await recordAudit(tx, { ...by, action: 'api_token.revoked', subject: subjectOf(tokenId) });
  return { ...known, revokedAt };
}

/** Whether a token may be used, as a bearer challenge tells it (RFC 6750 §3.1); a revoked one is simply none. */
export type TokenReading =
  | { ok: true; apiToken: ApiToken }
  | { ok: false; refusal: 'token_invalid' | 'token_expired' };

/**
 * Reads a token that a caller sent. Nothing of it is remembered, so revoking one takes effect with the next request.
 *
 * @param now Unix milliseconds
 */
export async function readApiToken(db: Database, token: string, now: number): Promise<TokenReading> {
  const apiToken = await findTokenByHash(db.hub(), hashToken(token));
  if (apiToken === undefined) return { ok: false, refusal: 'token_invalid' };
  const state = tokenState(apiToken, now);
  if (state !== 'active')
    return { ok: false, refusal: state === 'expired' ? 'token_expired' : 'token_invalid' };
  if (apiToken.lastUsedAt === null || apiToken.lastUsedAt.getTime() < now - minuteMs) {
    await noteUse(db.hub(), apiToken.tokenId, new Date(now), new Date(now - minuteMs));
  }
  return { ok: true, apiToken };
}

/** What the audit trail calls a token, as subject and, with what it did, as actor. */
export function subjectOf(tokenId: ApiTokenId): string {
  return `api-token:${tokenId}`;
}
