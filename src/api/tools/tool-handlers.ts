import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import type { ToolId } from '../../../contracts/ids.ts';
import type { Database, HubTx } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import { parseInput } from '../../platform/input.ts';
import { publicKeySet } from '../../platform/partner-values.ts';
import { getToolBySlug, listTools, registerTool, updateTool } from '../../tools/tools.ts';
import { pageOf } from '../page.ts';
import type { Handlers } from '../router.ts';
import { showTool } from './shown.ts';
import { countToolTenants, listToolUse } from './tool-use-store.ts';

type ToolEndpoint = 'listTools' | 'registerTool' | 'showTool' | 'updateTool' | 'listToolTenants';

export interface ToolServices {
  db: Database;
  /** The hub's own address without a trailing slash. */
  baseUrl: string;
  /** Whether addresses of partners may be on this machine: for the demo and tests. */
  allowLoopback: boolean;
}

/** What is done for the endpoints about tools, of which each is registered once for all tenants. */
export function toolHandlers(services: ToolServices): Pick<Handlers<typeof consoleEndpoints>, ToolEndpoint> {
  const { db, baseUrl } = services;
  const findId = async (tx: HubTx, slug: string): Promise<ToolId> => (await getToolBySlug(tx, slug)).toolId;
  return {
    listTools: async ({ query: { search, status, after = '', limit } }) => {
      const tenants = await db.withRollup(countToolTenants);
      const text = search?.toLowerCase() ?? '';
      const found = (await db.withHub(listTools)).filter(
        (tool) =>
          (status === undefined || tool.status === status) &&
          tool.slug > after &&
          (tool.slug.includes(text) || tool.name.toLowerCase().includes(text)),
      );
      const inOrder = found.toSorted((a, b) => (a.slug < b.slug ? -1 : 1));
      const { rows, next } = pageOf(inOrder, limit, ({ slug }) => slug);
      return { tools: rows.map((tool) => ({ ...tool, tenants: tenants.get(tool.toolId) ?? 0 })), next };
    },
    registerTool: async ({ body: { reason: _reason, jwks, ...body }, by }) => {
      const { slug, name, loginInitiationUrl, targetLinkUri, redirectUris, ...rest } = body;
      const required = { slug, name, loginInitiationUrl, targetLinkUri, redirectUris };
      const input = { ...required, ...defined({ ...rest, jwks: readKeys(jwks) }) };
      return showTool(await db.withHub((tx) => registerTool(tx, input, services, by)), baseUrl);
    },
    showTool: async ({ params }) =>
      showTool(await db.withHub((tx) => getToolBySlug(tx, params.tool)), baseUrl),
    updateTool: async ({ params, body: { reason: _reason, jwks, ...body }, by }) => {
      const changes = defined({ ...body, jwks: readKeys(jwks) });
      const tool = await db.withHub(async (tx) =>
        updateTool(tx, await findId(tx, params.tool), changes, services, by),
      );
      return showTool(tool, baseUrl);
    },
    listToolTenants: async ({ params, query: { after, limit } }) => {
      const toolId = await db.withHub((tx) => findId(tx, params.tool));
      const found = await db.withRollup((tx) => listToolUse(tx, toolId, { after, limit: limit + 1 }));
      const { rows, next } = pageOf(found, limit, ({ slug }) => slug);
      return { tenants: rows, next };
    },
  };
}

/** A pasted key set. @throws DomainError input `jwks_invalid` */
export function readKeys(jwks: object | null | undefined) {
  return jwks ? parseInput(publicKeySet, jwks, 'jwks_invalid') : jwks;
}
