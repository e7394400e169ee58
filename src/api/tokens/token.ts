import { hash, randomBytes } from 'node:crypto';
import type { ApiTokenId, TenantId } from '../../../contracts/ids.ts';

/** What is known of a token: all but the token itself. */
export interface ApiToken {
  tokenId: ApiTokenId;
  name: string;
  scopes: readonly string[];
  /** The one tenant it reaches; null: every tenant. */
  onlyTenantId: TenantId | null;
  createdAt: Date;
  expiresAt: Date;
  /** To the minute. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  /** Who has made it, as in the audit trail, and who had handed them their way in. */
  madeBy: readonly string[];
}

/** So that people and secret scanners know one when it lies about. */
const prefix = 'gatehouse_';

/** A new token: 32 random bytes. */
export function makeToken(): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`;
}

/** What is kept of a token, and what it is found by: comparing hashes in an index tells nothing about a token's start. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

export type TokenState = 'active' | 'expired' | 'revoked';

/** @param now Unix milliseconds */
export function tokenState({ revokedAt, expiresAt }: ApiToken, now: number): TokenState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt.getTime() <= now ? 'expired' : 'active';
}
