import type { z } from 'zod';
import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import type { listTokens as listTokensContract } from '../../../contracts/http/tokens.ts';
import type { ApiTokenId } from '../../../contracts/ids.ts';
import type { Database } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import { findTenant, getTenantBySlug } from '../../tenants/tenants.ts';
import { requireOwnScopes } from '../own-scopes.ts';
import { pageOf } from '../page.ts';
import type { Handlers } from '../router.ts';
import { type ApiToken, tokenState } from './token.ts';
import { createApiToken, listApiTokens, revokeApiToken } from './tokens.ts';

type TokenEndpoint = 'listTokens' | 'createToken' | 'revokeToken';
type ShownToken = z.input<(typeof listTokensContract)['reply']['schema']>['tokens'][number];

/** What is done for the endpoints about tokens of programs. */
export function tokenHandlers(db: Database): Pick<Handlers<typeof consoleEndpoints>, TokenEndpoint> {
  /** Tokens as replies show them, tenants by their slugs, each looked up once. */
  const show = async (tokens: readonly ApiToken[], now: number): Promise<ShownToken[]> => {
    const ids = [...new Set(tokens.flatMap(({ onlyTenantId }) => onlyTenantId ?? []))];
    const tenants = await Promise.all(ids.map((tenantId) => findTenant(db.directory, tenantId)));
    const slugs = new Map(
      tenants.flatMap((tenant) => (tenant ? [[tenant.tenantId, tenant.slug] as const] : [])),
    );
    return tokens.map((token) => {
      const { onlyTenantId, createdAt, expiresAt, lastUsedAt, revokedAt, madeBy: _hands, ...rest } = token;
      return {
        ...rest,
        scopes: [...rest.scopes],
        tenant: onlyTenantId && (slugs.get(onlyTenantId) ?? onlyTenantId),
        state: tokenState(token, now),
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        lastUsedAt: lastUsedAt?.toISOString() ?? null,
        revokedAt: revokedAt?.toISOString() ?? null,
      };
    });
  };
  const showOne = async (token: ApiToken, now: number): Promise<ShownToken> => {
    const [shown] = await show([token], now);
    if (shown === undefined) throw new Error('One token is shown as one');
    return shown;
  };
  return {
    listTokens: async ({ query: { after, limit }, by }) => {
      const page = { after: after as ApiTokenId | undefined, limit: limit + 1 };
      const found = await db.withHub((tx) => listApiTokens(tx, page));
      const { rows, next } = pageOf(found, limit, ({ tokenId }) => tokenId);
      return { tokens: await show(rows, by.now), next };
    },
    createToken: async ({ body: { name, scopes, tenant: slug, days }, by, scopes: own }) => {
      requireOwnScopes(own, scopes);
      const tenant = slug === undefined ? undefined : await getTenantBySlug(db.directory, slug);
      const input = { name, scopes, days, ...defined({ onlyTenantId: tenant?.tenantId }) };
      const { apiToken, token } = await db.withHub((tx) => createApiToken(tx, input, by));
      return { token, apiToken: await showOne(apiToken, by.now) };
    },
    revokeToken: async ({ params, by }) => {
      const tokenId = params.tokenId as ApiTokenId;
      return { apiToken: await showOne(await db.withHub((tx) => revokeApiToken(tx, tokenId, by)), by.now) };
    },
  };
}
