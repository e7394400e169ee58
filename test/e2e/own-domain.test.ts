import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDeployment } from '../../src/connections/deployments.ts';
import { addDomain, verifyDomain } from '../../src/connections/domains.ts';
import { connectLms } from '../../src/connections/registrations.ts';
import { blockThirdPartyCookies, launchBrowser, type TestBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { by, startHubWorld } from '../support/hub.ts';
import { loopbackAllowed } from '../support/registrations.ts';
import { coursePage, greeting, hubFrame, lmsFrame, newestLaunch, postInFrame, sitesShown } from './course.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await startHubWorld(testDatabase);
const { tenantId } = world.tenants.northside;
// A site of its own to a browser, which the world's server hands to the hub.
const domain = 'hub.northside.localhost';
const origin = `http://${domain}:${world.port}`;
const clientId = 'one-a-domain';

await database.withTenant(tenantId, (tx) => addDomain(tx, domain, world.hubUrl, by()));
const fetch = () => Promise.reject(new Error('Somebody vouches for it'));
await verifyDomain({ db: database, fetch, baseUrl: world.hubUrl }, tenantId, { domain, vouched: true }, by());
await database.withTenant(tenantId, async (tx) => {
  const { issuer, authorizeUrl, jwksUrl } = world.lms;
  const lms = {
    family: 'brightspace',
    issuer,
    clientId,
    authorizeUrl,
    jwksUrl,
    settings: { domain },
  } as const;
  const { connectionId } = await connectLms(tx, lms, loopbackAllowed, by());
  await addDeployment(tx, { connectionId, deploymentId: 'at-domain' }, by());
});
world.lms.registerTool({
  clientId,
  name: 'Gatehouse at a domain',
  redirectUris: [`${origin}/lti/launch`],
  deployments: [
    {
      school: 'northside',
      deploymentId: 'at-domain',
      loginUrl: `${origin}/lti/login`,
      targets: { 'sample-tool': `${origin}/open/sample-tool` },
    },
  ],
});

let browser: TestBrowser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test.each<[string, boolean, typeof lmsFrame, string[]]>([
  ['allowed', false, lmsFrame, ['lms', 'tool']],
  // The tool's own cookie is none then, so that the hub's page stays around it.
  ['blocked', true, hubFrame, ['lms', 'hub', 'tool']],
])(
  'under the school’s own domain a browser with framed cookies %s proves itself by cookie',
  async (_how, blocked, frame, sites) => {
    const page = await browser.newPage();
    if (blocked) await blockThirdPartyCookies(page);
    await page.goto(coursePage(world, 'ns-cell-lab'));
    await greeting(frame(page)).waitFor();
    const before = await newestLaunch(testDatabase);
    const { getUrl } = world.lms.startLogin({ person: 'ns-nwosu', link: 'ns-cell-lab', clientId });
    const { searchParams } = new URL(getUrl);
    await postInFrame(page, `${origin}/lti/login`, Object.fromEntries(searchParams));
    const opened = async () => {
      const launch = await newestLaunch(testDatabase);
      return launch.launch_id === before.launch_id ? 'none' : launch.state;
    };
    await expect.poll(opened, { timeout: 15_000 }).toBe('opened');
    await greeting(frame(page)).waitFor();
    expect(await newestLaunch(testDatabase)).toMatchObject({ reason: null, binding: 'cookie' });
    expect(sitesShown(page)).toEqual(sites);
    await page.context().close();
  },
);
