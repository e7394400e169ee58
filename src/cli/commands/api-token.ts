import { apiScopes } from '../../../contracts/http/scopes.ts';
import type { ApiTokenId } from '../../../contracts/ids.ts';
import { type ApiToken, tokenState } from '../../api/tokens/token.ts';
import { createApiToken, listApiTokens, revokeApiToken } from '../../api/tokens/tokens.ts';
import { getTenantBySlug, listTenants, type Tenant } from '../../tenants/tenants.ts';
import { type Command, changing } from '../command.ts';
import { facts, instant, table } from '../layout.ts';

export const apiTokenCreate: Command = {
  name: 'api-token create',
  about: 'Make a token for the HTTP API; it is shown this once',
  options: {
    name: { value: 'text', about: 'What it is for, so that somebody can tell later', required: true },
    scope: {
      value: 'scope',
      about: 'What it may do; writing includes reading',
      required: true,
      multiple: true,
      choices: apiScopes,
    },
    tenant: { value: 'slug', about: 'The one tenant it reaches; every tenant if not given' },
    days: { value: 'number', about: 'How long it lives; 90 by default' },
    ...changing,
  },
  examples: [
    'api-token create --name "Nightly roster check" --scope rosters:read --tenant northfield',
    'api-token create --name "District portal" --scope rosters:write --days 365 --reason "Agreed in August"',
  ],
  async run({ values, open }) {
    const given = values.list('scope');
    const scopes = apiScopes.filter((scope) => given.includes(scope));
    const days = values.optionalNumber('days');
    const slug = values.optional('tenant');
    const { hub, by } = await open();
    const tenant = slug === undefined ? undefined : await getTenantBySlug(hub.db.directory, slug);
    const { apiToken, token } = await hub.db.withHub((tx) =>
      createApiToken(
        tx,
        {
          name: values.text('name'),
          scopes,
          ...(tenant === undefined ? {} : { onlyTenantId: tenant.tenantId }),
          ...(days === undefined ? {} : { days }),
        },
        by,
      ),
    );
    const shown = describe(apiToken, tenant === undefined ? [] : [tenant], by.now);
    return {
      json: { apiToken: shown, token },
      text: [
        facts(shown),
        `The token, which is shown this once and kept nowhere:\n  ${token}`,
        `Send it as the header "Authorization: Bearer <token>". What it can call: ${hub.baseUrl}/api/openapi.json`,
      ].join('\n\n'),
    };
  },
};

export const apiTokenList: Command = {
  name: 'api-token list',
  about: 'List the tokens for the HTTP API, newest first, with when each was last used',
  examples: ['api-token list'],
  async run({ io, open }) {
    const { hub } = await open();
    const tenants = await listTenants(hub.db.directory);
    const found = await hub.db.withHub(listApiTokens);
    const apiTokens = found.map((each) => describe(each, tenants, io.clock.now()));
    const rows = apiTokens.map((each) => [
      each.tokenId,
      each.name,
      each.scopes.join(' '),
      each.tenant ?? 'every tenant',
      each.state,
      each.expiresAt,
      each.lastUsedAt ?? 'never',
    ]);
    const heading = ['ID', 'NAME', 'SCOPES', 'REACHES', 'STATE', 'ENDS', 'LAST USED'];
    return { json: { apiTokens }, text: table(heading, rows, 'There is no API token yet.') };
  },
};

export const apiTokenRevoke: Command = {
  name: 'api-token revoke',
  about: 'End a token of the HTTP API at once',
  arguments: [{ name: 'id', about: 'The token’s id; api-token list shows them' }],
  options: changing,
  examples: ['api-token revoke 0199c5a4-0000-7000-8000-000000000000 --reason "The project has ended"'],
  async run({ values, io, open }) {
    const tokenId = values.id<ApiTokenId>('id');
    const { hub, by } = await open();
    const tenants = await listTenants(hub.db.directory);
    const revoked = await hub.db.withHub((tx) => revokeApiToken(tx, tokenId, by));
    const apiToken = describe(revoked, tenants, io.clock.now());
    return { json: { apiToken }, text: `"${apiToken.name}" is refused from now on.` };
  },
};

/** A token as commands show it: tenants by their short names. */
function describe({ onlyTenantId, ...token }: ApiToken, tenants: readonly Tenant[], now: number) {
  const time = (at: Date | null) => (at === null ? null : instant(at.getTime()));
  const tenant = tenants.find(({ tenantId }) => tenantId === onlyTenantId);
  return {
    tokenId: token.tokenId,
    name: token.name,
    scopes: token.scopes,
    tenant: tenant?.slug ?? onlyTenantId,
    state: tokenState({ onlyTenantId, ...token }, now),
    createdAt: instant(token.createdAt.getTime()),
    expiresAt: instant(token.expiresAt.getTime()),
    lastUsedAt: time(token.lastUsedAt),
    revokedAt: time(token.revokedAt),
  };
}
