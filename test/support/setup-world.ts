import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import type { TenantId } from '../../contracts/ids.ts';
import { migrateAll, openHub } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { demoAccounts } from '../../src/demo/identity/accounts.ts';
import { createOpenIdProvider } from '../../src/demo/identity/openid-provider.ts';
import { createSimulatedLms } from '../../src/demo/lms/simulated-lms.ts';
import { createLoopbackFetch } from '../../src/demo/loopback-fetch.ts';
import { sisConsumer } from '../../src/demo/rosters.ts';
import { type DemoParts, serveByHost } from '../../src/demo/servers.ts';
import { demoDistrict } from '../../src/demo/sis/demo-district.ts';
import { createOneRosterServer } from '../../src/demo/sis/oneroster-server.ts';
import { createSampleTool } from '../../src/demo/tool/sample-tool.ts';
import { listen } from '../../src/platform/http/server.ts';
import { openLog } from '../../src/platform/log.ts';
import { enableToolWithPolicy } from '../../src/privacy/policies.ts';
import { addressesOf } from '../../src/sso/oidc/connection.ts';
import { registerTool } from '../../src/tools/tools.ts';
import { readForm, send } from '../demo/support/user-agent.ts';
import type { TestDatabase } from './database.ts';

const toolSlug = 'sample-tool';
/** The demo's school whose LMS, accounts and information system are connected. */
const school = 'northside';

/**
 * A whole hub that knows one tool and no institution, with the demo's LMS, OpenID provider and information system beside it,
 * none of which it knows. What their administrators do there is a function each.
 */
export async function startSetupWorld({ url, database }: TestDatabase, consoleFolder?: string) {
  const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-setup-'));
  let handler: RequestListener = (_request, response) => response.end();
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    handler: (request, response) => handler(request, response),
  });
  const at = (label: string) => `http://${label}.localhost:${server.port}`;
  const environment = { GATEHOUSE_URL: at('hub'), GATEHOUSE_DATA: folder, LOG_LEVEL: 'silent' };
  const config = readConfig({ environment, demo: true });
  const storage = { url, directUrl: url, folder: undefined, stop: async () => undefined };
  const log = openLog({ level: 'silent' });
  await migrateAll({ config, storage, log });
  const hub = await openHub({
    ...{ config, storage, log, work: true },
    ...(consoleFolder === undefined ? {} : { consoleFolder }),
  });
  const direct = await listen({ host: '127.0.0.1', port: 0, handler: hub.app });
  afterAll(async () => {
    await Promise.all([server.stop(1_000), direct.stop(1_000)]);
    await hub.close(1_000);
    await rm(folder, { recursive: true, force: true });
  });
  const { clock } = hub;
  const by = { actor: 'test', now: clock.now() };
  const fetchLoopback = createLoopbackFetch();
  const lms = await createSimulatedLms({ baseUrl: at('lms'), clock, fetch: fetchLoopback });
  const tool = await database.withHub((tx) =>
    registerTool(
      tx,
      {
        ...{ slug: toolSlug, name: 'Sample tool', loginInitiationUrl: `${at('tool')}/login` },
        ...{ targetLinkUri: `${at('tool')}/`, redirectUris: [`${at('tool')}/launch`] },
        jwksUrl: `${at('tool')}/jwks.json`,
        presentation: 'redirect',
      },
      { allowLoopback: true },
      by,
    ),
  );
  const hubUrl = at('hub');
  const sample = createSampleTool({
    baseUrl: at('tool'),
    platform: {
      ...{ issuer: hubUrl, authorizeUrl: `${hubUrl}/platform/authorize` },
      ...{ jwksUrl: `${hubUrl}/.well-known/jwks.json`, tokenUrl: `${hubUrl}/platform/token` },
      clientId: tool.clientId,
    },
    ...{ fetch: fetchLoopback, clock },
  });
  const sis = createOneRosterServer({
    ...{ source: demoDistrict(school, clock), baseUrl: at('sis'), consumer: sisConsumer },
  });
  const parts: DemoParts = { lms: lms.app, tool: sample.app, sis: sis.app, hub: hub.app };
  const serve = (id?: DemoParts['id']) => {
    handler = serveByHost({ ...parts, id }) as RequestListener;
  };
  serve();
  const accounts = demoAccounts(school, clock);
  const client = { clientId: 'gatehouse-sign-in', clientSecret: 'made-up-for-the-test' };
  return {
    /** `direct` is the hub for this process, which may know no `*.localhost`. */
    ...{
      hub,
      hubUrl,
      direct: `http://127.0.0.1:${direct.port}`,
      sis: { url: at('sis'), tokenUrl: sis.tokenUrl },
    },
    sisConsumer,
    /** What an administrator reads at the LMS, once the hub is entered there. */
    lms: {
      ...{ issuer: lms.issuer, authorizeUrl: lms.authorizeUrl, tokenUrl: lms.tokenUrl, jwksUrl: lms.jwksUrl },
      ...{ clientId: '10000000000042', deploymentId: '10000000000042:new' },
    },
    /** Enters what the set-up sheet of an institution says at the LMS. */
    enterAtLms(slug: string) {
      const launchUrl = `${hubUrl}/t/${slug}/lti/launch`;
      lms.registerTool({
        ...{ clientId: '10000000000042', name: 'Gatehouse', redirectUris: [launchUrl] },
        jwksUrl: `${hubUrl}/.well-known/jwks.json`,
        deployments: [
          {
            ...{ school, deploymentId: '10000000000042:new', loginUrl: `${hubUrl}/t/${slug}/lti/login` },
            targets: { [toolSlug]: `${hubUrl}/t/${slug}/open/${toolSlug}` },
          },
        ],
      });
    },
    /** Opens the lab as a pupil does, up to the tool's page. @returns its status */
    async launch(): Promise<number> {
      const knobs = { storageTarget: null };
      const login = lms.startLogin({ person: 'ns-nwosu', link: 'ns-cell-lab', knobs });
      const initiated = await send(login.getUrl);
      const { action, fields } = readForm((await send(String(initiated.location))).body);
      const launched = await send(action, { form: fields, cookies: initiated.setCookies });
      const toolLogin = await send(String(launched.location));
      const authorized = await send(String(toolLogin.location), { cookies: initiated.setCookies });
      const answer = readForm(authorized.body);
      return (await send(answer.action, { form: answer.fields, cookies: toolLogin.setCookies })).status;
    },
    idp: { issuer: at('id'), ...client, username: accounts.toTry[0]!.username, password: accounts.password },
    /** Enters the addresses of a connection at the identity provider. */
    async enterAtIdp(slug: string, connectionId: string) {
      const addresses = addressesOf(slug, connectionId as Parameters<typeof addressesOf>[1], hubUrl);
      const provider = await createOpenIdProvider({
        ...{ issuer: at('id'), client: { ...client, ...addresses }, accounts, clock, fetch: fetchLoopback },
      });
      if (provider === undefined) throw new Error('The OpenID provider’s package is not installed');
      serve(provider);
    },
    /** What the hub's staff do before there is anything to share. */
    switchToolOn: (tenantId: TenantId) =>
      database.withTenant(tenantId, (tx) =>
        enableToolWithPolicy(tx, { toolId: tool.toolId, template: 'names' }, by),
      ),
  };
}
