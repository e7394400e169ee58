import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { storageGetPage, storagePutPage } from '../../../src/lti/pages/storage-pages.ts';
import { launchBrowser, type TestBrowser } from '../../support/browser.ts';
import { environments } from './samples.ts';
import { openSites, type Sites, sendPage } from './sites.ts';

vi.setConfig({ testTimeout: 15_000 });

let browser: TestBrowser;
let sites: Sites;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());
beforeEach(async () => {
  sites = await openSites();
  page = await browser.newPage();
});
afterEach(async () => {
  await page.context().close();
  sites.close();
});

/** An LMS page that frames the hub and keeps data; `extra` runs before it answers a message. */
function lmsPage(hubPath: string, extra = ''): string {
  return `<title>LMS</title><script>
const data = { 'gh-1': 'kept earlier' }; window.seen = [];
addEventListener('message', (event) => {
  const { subject, message_id, key, value } = event.data; window.seen.push({ ...event.data, origin: event.origin });
  const reply = (more) => event.source.postMessage({ subject: subject + '.response', message_id, key, ...more }, event.origin);
  ${extra}
  if (subject === 'lti.put_data') { data[key] = value; reply({ value }); }
  if (subject === 'lti.get_data') reply({ value: data[key] ?? null });
});</script><iframe src="${sites.origin('hub')}${hubPath}"></iframe>`;
}

function serve(
  options: {
    lms?: string;
    authorizeUrl?: string;
    frame?: string;
    prelaunch?: boolean;
    waived?: boolean;
  } = {},
): void {
  const storage = {
    frame: options.frame ?? '_parent',
    authorizeUrl: options.authorizeUrl ?? `${sites.origin('lms')}/authorize`,
    key: 'gh-1',
  };
  const authorize = { action: `${sites.origin('lms')}/authorize`, fields: { state: 's1' } };
  const launch = { action: '/launch', fields: { id_token: 't', state: 's1' } };
  const newWindow = { action: '/login', fields: { iss: 'i' } };
  sites.on('hub', '/put', (_, response) =>
    sendPage(
      response,
      storagePutPage(environments('en'), {
        storage,
        authorize,
        proof: 'secret',
        prelaunch: options.prelaunch ?? false,
      }),
    ),
  );
  sites.on('hub', '/get', (_, response) =>
    sendPage(
      response,
      storageGetPage(environments('en'), {
        storage,
        launch,
        proofField: 'proof',
        ...(!options.waived && { newWindow }),
      }),
    ),
  );
  // A page that goes on keeps loading until the next one comes.
  sites.on('lms', '/authorize', (_, response) => response.send('authorize'));
  sites.on('hub', '/launch', (_, response) => response.send('launch'));
  for (const path of ['/put', '/get']) {
    sites.on('lms', path, (_, response) => response.send(lmsPage(path, options.lms)));
  }
}

const posted = (path: string) =>
  expect.poll(() => sites.received.find((one) => one.path === path)?.fields, { timeout: 4000 });
const seen = () => page.evaluate('window.seen') as Promise<Array<Record<string, unknown>>>;
const frame = () => page.frameLocator('iframe');

test('the proof is stored at the LMS’s window before the login goes on', async () => {
  serve();
  await page.goto(`${sites.origin('lms')}/put`);
  await posted('/authorize').toEqual({ state: 's1' });
  expect(await seen()).toEqual([
    expect.objectContaining({
      subject: 'lti.put_data',
      key: 'gh-1',
      value: 'secret',
      origin: sites.origin('hub'),
    }),
  ]);
});

test('the named frame is asked where there is one, and the window itself besides', async () => {
  serve({ frame: 'store' });
  sites.on('lms', '/store', (_, response) =>
    response.send(
      `<script>addEventListener('message', (event) => parent.seen.push({ inFrame: true, ...event.data }))</script>`,
    ),
  );
  sites.on('lms', '/put', (_, response) =>
    response.send(`<script>window.seen = [];</script><iframe name="store" src="/store"></iframe>
      <iframe id="later"></iframe><script>document.querySelector('[name=store]').onload = () => {
        document.querySelector('#later').src = '${sites.origin('hub')}/put' }</script>`),
  );
  await page.goto(`${sites.origin('lms')}/put`);
  await posted('/authorize').toEqual({ state: 's1' });
  expect(await seen()).toEqual([expect.objectContaining({ inFrame: true, subject: 'lti.put_data' })]);
});

test('a login goes on though nobody stores anything', async () => {
  serve({ lms: 'return;' });
  await page.goto(`${sites.origin('lms')}/put`);
  await posted('/authorize').toEqual({ state: 's1' });
});

test('Sakai is told of the launch first and then given the proof', async () => {
  serve({ prelaunch: true, lms: `if (subject === 'org.sakailms.lti.prelaunch') return reply({});` });
  await page.goto(`${sites.origin('lms')}/put`);
  await posted('/authorize').toEqual({ state: 's1' });
  expect((await seen()).map((message) => message.subject)).toEqual([
    'org.sakailms.lti.prelaunch',
    'lti.put_data',
  ]);
});

test('a launch without a cookie is posted again with what the LMS kept', async () => {
  serve();
  await page.goto(`${sites.origin('lms')}/get`);
  await posted('/launch').toEqual({ id_token: 't', state: 's1', proof: 'kept earlier' });
});

test.each(['location', 'length', 'postMessage'])(
  'the target %s, which is a member of every window and no frame, stands in nobody’s way',
  async (frame) => {
    serve({ frame });
    await page.goto(`${sites.origin('lms')}/get`);
    await posted('/launch').toMatchObject({ proof: 'kept earlier' });
  },
);

test('an answer as JSON text counts too', async () => {
  serve({
    lms: `return event.source.postMessage(JSON.stringify({ subject: subject + '.response', message_id, key, value: 'text' }), event.origin);`,
  });
  await page.goto(`${sites.origin('lms')}/get`);
  await posted('/launch').toMatchObject({ proof: 'text' });
});

test.each([
  ['has nothing', 'return reply({ value: null });'],
  ['answers with an error', `return reply({ error: { code: 'bad_request' } });`],
  ['answers another message', `return reply({ message_id: 'other', value: 'forged' });`],
  ['stays silent', 'return;'],
])('an LMS that %s leads to the new window, and nothing is posted', async (_, lms) => {
  serve({ lms });
  await page.goto(`${sites.origin('lms')}/get`);
  await frame().getByRole('button', { name: 'Open in a new window' }).waitFor();
  expect(await frame().getByRole('heading').allTextContents()).toContain('Open in a new window');
  expect(sites.received).toEqual([]);
});

test.each([
  ['keeps the proof', '', 'kept earlier'],
  ['has nothing', 'return reply({ value: null });', ''],
  ['stays silent', 'return;', ''],
])('where the proof is waived, a launch at an LMS that %s goes on', async (_, lms, proof) => {
  serve({ lms, waived: true });
  await page.goto(`${sites.origin('lms')}/get`);
  await posted('/launch').toEqual({ id_token: 't', state: 's1', proof });
});

test('a window at another origin than the authorize URL learns nothing and is not believed', async () => {
  serve({ authorizeUrl: `${sites.origin('tool')}/authorize`, lms: `reply({ value: 'forged' });` });
  await page.goto(`${sites.origin('lms')}/get`);
  await frame().getByRole('button', { name: 'Open in a new window' }).waitFor();
  expect(await seen()).toEqual([]);
  expect(sites.received).toEqual([]);
});

test('a window at another origin is not believed though it guesses the message', async () => {
  serve({ authorizeUrl: `${sites.origin('tool')}/authorize` });
  sites.on('lms', '/get', (_, response) =>
    response.send(`<iframe src="${sites.origin('hub')}/get"></iframe><script>
      setInterval(() => frames[0].postMessage({ subject: 'lti.get_data.response', message_id: 'guessed', value: 'forged' }, '*'), 50);
      </script>`),
  );
  await page.addInitScript(`crypto.randomUUID = () => 'guessed'`);
  await page.goto(`${sites.origin('lms')}/get`);
  await frame().getByRole('button', { name: 'Open in a new window' }).waitFor();
  expect(sites.received).toEqual([]);
});

test('the new window opens with the login’s fields in its body, and the page says so', async () => {
  serve({ lms: 'return;' });
  await page.goto(`${sites.origin('lms')}/get`);
  await frame().getByRole('button', { name: 'Open in a new window' }).click();
  await posted('/login').toEqual({ iss: 'i' });
  await frame().getByText('The activity has opened in a new window.').waitFor();
});

test('without JavaScript the launch page offers the new window at once', async () => {
  serve();
  const plain = await browser.newPage({ javaScriptEnabled: false });
  await plain.goto(`${sites.origin('hub')}/get`);
  await plain.getByRole('button', { name: 'Open in a new window' }).click({ timeout: 10_000 });
  await posted('/login').toEqual({ iss: 'i' });
  await plain.context().close();
});
