import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { framedPage } from '../../../src/lti/pages/framed-page.ts';
import { proofPage } from '../../../src/lti/pages/proof-page.ts';
import { launchBrowser, type TestBrowser } from '../../support/browser.ts';
import { environments } from './samples.ts';
import { openSites, type Sites, sendPage } from './sites.ts';

vi.setConfig({ testTimeout: 15_000 });

let browser: TestBrowser;
let sites: Sites;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser({ blockThirdPartyCookies: true });
}, 60_000);
afterAll(() => browser.close());
beforeEach(async () => {
  sites = await openSites();
  page = await browser.newPage();
  sites.on('lms', '/course', (_, response) =>
    response.send(`<script>window.seen = []; addEventListener('message', (event) => {
      window.seen.push(event.data);
      if (event.data.subject === 'lti.fetchWindowSize') event.source.postMessage({ subject: 'lti.fetchWindowSize.response', message_id: event.data.message_id, height: 700 }, event.origin);
      if (event.data.subject === 'lti.frameResize') event.source.postMessage({ subject: 'unasked.secret' }, event.origin);
    })</script><iframe src="${sites.origin('hub')}/framed" width="600" height="400"></iframe>`),
  );
  sites.on('hub', '/framed', (_, response) =>
    sendPage(
      response,
      framedPage(environments('en'), {
        toolName: 'Fractions',
        open: { action: `${sites.origin('tool')}/login`, fields: { login_hint: 'h' } },
        toolOrigins: [sites.origin('tool')],
        proof: { launch: 'l1', value: 'proof of this browser' },
      }),
      ['http://*.localhost:*'],
    ),
  );
  sites.on('tool', '/login', (_, response) => response.send(toolPage));
});
afterEach(async () => {
  await page.context().close();
  sites.close();
});

const toolPage = `<title>Tool</title><p>Tool</p><script>
window.seen = []; addEventListener('message', (event) => window.seen.push({ ...event.data, origin: event.origin }));
window.ask = (message) => new Promise((resolve) => {
  const hear = (event) => { if (event.data.message_id === message.message_id) { removeEventListener('message', hear); resolve(event.data); } };
  addEventListener('message', hear); parent.postMessage(message, '*');
});</script>`;

/** Opens the course and gives the tool's frame, two levels down. */
async function openTool(): Promise<Frame> {
  await page.goto(`${sites.origin('lms')}/course`);
  await page.frameLocator('iframe').frameLocator('iframe').getByText('Tool').waitFor();
  const found = page.frames().find((one) => one.url().startsWith(sites.origin('tool')));
  if (!found) throw new Error('the tool is not framed');
  return found;
}

const ask = (tool: Frame, message: object) => tool.evaluate(`ask(${JSON.stringify(message)})`);
const lmsSeen = () => page.evaluate('window.seen') as Promise<unknown[]>;

test('the tool’s login initiation is posted into the frame', async () => {
  await openTool();
  expect(sites.received).toEqual([{ path: '/login', site: 'tool', fields: { login_hint: 'h' } }]);
});

test('the tool learns what it can ask for, without a frame name', async () => {
  const answer = await ask(await openTool(), { subject: 'lti.capabilities', message_id: 'a' });
  expect(answer).toMatchObject({ subject: 'lti.capabilities.response', message_id: 'a' });
  expect(answer).toHaveProperty('supported_messages', expect.arrayContaining([{ subject: 'lti.put_data' }]));
});

test('what the tool stores it gets back', async () => {
  const tool = await openTool();
  await ask(tool, { subject: 'lti.put_data', message_id: 'a', key: 'state', value: 'v' });
  const answer = await ask(tool, { subject: 'lti.get_data', message_id: 'b', key: 'state' });
  expect(answer).toEqual({ subject: 'lti.get_data.response', message_id: 'b', key: 'state', value: 'v' });
});

test('an unknown LTI subject is answered with unsupported_subject', async () => {
  const answer = await ask(await openTool(), { subject: 'lti.unknown', message_id: 'a' });
  expect(answer).toMatchObject({ subject: 'lti.unknown.response', error: { code: 'unsupported_subject' } });
});

test('another origin in the tool’s frame is answered with wrong_origin and its messages go nowhere', async () => {
  const tool = await openTool();
  sites.on('lms', '/elsewhere', (_, response) => response.send(toolPage.replaceAll('Tool', 'Elsewhere')));
  await tool.goto(`${sites.origin('lms')}/elsewhere`);
  await tool.evaluate(`parent.postMessage({ subject: 'lti.close' }, '*')`);
  const answer = await ask(tool, { subject: 'lti.get_data', message_id: 'a', key: 'state' });
  expect(answer).toMatchObject({ error: { code: 'wrong_origin' } });
  expect(await lmsSeen()).toEqual([]);
});

test('a resize is handed to the LMS with its size and nothing else', async () => {
  const tool = await openTool();
  await tool.evaluate(
    `parent.postMessage(JSON.stringify({ subject: 'lti.frameResize', height: 900, secret: 's' }), '*')`,
  );
  await expect.poll(lmsSeen).toEqual([{ subject: 'lti.frameResize', height: 900 }]);
});

test('the LMS’s answer comes back to the tool, and what nobody asked for does not', async () => {
  const tool = await openTool();
  await tool.evaluate(`parent.postMessage({ subject: 'lti.frameResize', height: 900 }, '*')`);
  const answer = await ask(tool, { subject: 'lti.fetchWindowSize', message_id: 'w' });
  expect(answer).toMatchObject({ subject: 'lti.fetchWindowSize.response', height: 700 });
  const seen = (await tool.evaluate('window.seen')) as Array<{ subject: string }>;
  expect(seen.map((message) => message.subject)).toEqual(['lti.fetchWindowSize.response']);
});

test('storage messages stay at the hub', async () => {
  const tool = await openTool();
  await ask(tool, { subject: 'lti.put_data', message_id: 'a', key: 'state', value: 'v' });
  expect(await lmsSeen()).toEqual([]);
});

/** The hub's authorize page for a launch, at /platform/authorize. */
function serveAuthorize(launch: string): void {
  sites.on('hub', '/platform/authorize', (request, response) =>
    request.method === 'POST'
      ? response.send('authorized')
      : sendPage(
          response,
          proofPage(environments('en'), {
            authorize: { action: '/platform/authorize', fields: { state: 's', nonce: 'n' } },
            proofField: 'proof',
            launch,
          }),
        ),
  );
}

const atAuthorize = () => sites.received.filter((one) => one.path === '/platform/authorize');

test('authorize inside the tool’s frame is given the proof by the hub’s page around it', async () => {
  serveAuthorize('l1');
  const tool = await openTool();
  await tool.evaluate(`location.href = '${sites.origin('hub')}/platform/authorize'`);
  await expect
    .poll(atAuthorize, { timeout: 4000 })
    .toMatchObject([{ fields: { state: 's', nonce: 'n', proof: 'proof of this browser' } }]);
});

test('authorize deeper inside the tool’s own frame is given the proof too', async () => {
  serveAuthorize('l1');
  const tool = await openTool();
  await tool.evaluate(
    `document.body.innerHTML = '<iframe src="${sites.origin('hub')}/platform/authorize"></iframe>'`,
  );
  await expect
    .poll(atAuthorize, { timeout: 4000 })
    .toMatchObject([{ fields: { proof: 'proof of this browser' } }]);
});

test('authorize of another launch is given nothing and goes on without a proof', async () => {
  serveAuthorize('another');
  const tool = await openTool();
  await tool.evaluate(`location.href = '${sites.origin('hub')}/platform/authorize'`);
  await expect
    .poll(atAuthorize, { timeout: 4000 })
    .toMatchObject([{ fields: { state: 's', nonce: 'n', proof: '' } }]);
});

test.each([
  ['in a window of its own', true],
  ['without JavaScript', false],
])('authorize %s goes on without a proof', async (_name, javaScriptEnabled) => {
  serveAuthorize('l1');
  const alone = await browser.newPage({ javaScriptEnabled });
  await alone.goto(`${sites.origin('hub')}/platform/authorize`);
  if (!javaScriptEnabled) await alone.getByRole('button', { name: 'Continue' }).click({ timeout: 10_000 });
  await expect
    .poll(atAuthorize, { timeout: 4000 })
    .toMatchObject([{ fields: { state: 's', nonce: 'n', proof: '' } }]);
  await alone.context().close();
});

test('another site cannot ask for the proof', async () => {
  const tool = await openTool();
  await tool.evaluate(`parent.postMessage({ subject: 'gatehouse.proof', launch: 'l1' }, '*')`);
  await ask(tool, { subject: 'lti.capabilities', message_id: 'after' });
  const seen = (await tool.evaluate('window.seen')) as Array<{ subject: string }>;
  expect(seen.map((message) => message.subject)).toEqual(['lti.capabilities.response']);
});

test('authorize framed by a stranger asks nobody but the hub and believes nobody else', async () => {
  serveAuthorize('l1');
  sites.on('tool', '/stranger', (_, response) =>
    response.send(`<script>window.seen = []; addEventListener('message', (event) => {
      window.seen.push(event.data);
      event.source.postMessage({ subject: 'gatehouse.proof.response', launch: 'l1', proof: 'forged' }, '*'); });
      </script><iframe src="${sites.origin('hub')}/platform/authorize"></iframe>
      <script>document.querySelector('iframe').onload = (event) => event.target.contentWindow.postMessage({ subject: 'gatehouse.proof.response', launch: 'l1', proof: 'forged' }, '*');</script>`),
  );
  await page.goto(`${sites.origin('tool')}/stranger`);
  await expect.poll(atAuthorize, { timeout: 4000 }).toMatchObject([{ fields: { proof: '' } }]);
  expect(await page.evaluate('window.seen')).toEqual([]);
});
