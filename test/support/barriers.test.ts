import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSites, type Sites } from '../lti/pages/sites.ts';
import { findBarriers } from './barriers.ts';
import { launchBrowser, type TestBrowser } from './browser.ts';

let browser: TestBrowser;
let sites: Sites;
beforeAll(async () => {
  browser = await launchBrowser();
  sites = await openSites();
});
afterAll(async () => {
  sites.close();
  await browser.close();
});

const frame = (body: string) =>
  `<!doctype html><html lang="en"><title>Framed</title><style>
    @media (prefers-color-scheme: dark) { p { color: #333; background: #000; transition: color 9s; } }
  </style>${body}`;

async function findingsOf(framed: string, around = ''): Promise<string[]> {
  sites.on('tool', '/framed', (_, response) => response.send(frame(framed)));
  sites.on('lms', '/', (_, response) =>
    response.send(
      `<!doctype html><html lang="en"><title>Course</title><main><h1>Course</h1>${around}
      <iframe title="Tool" src="${sites.origin('tool')}/framed"></iframe></main>`,
    ),
  );
  const page = await browser.newPage();
  await page.goto(sites.origin('lms'));
  const found = await findBarriers(page);
  await page.context().close();
  return found;
}

test('a framed page answers for what is in it, the page around it for headings and landmarks', async () => {
  expect(await findingsOf('<div>Text</div>')).toEqual([]);
  const image = '<img src="data:,">';
  expect(await findingsOf(image)).toEqual([`light image-alt ${image}`]);
});

test('what is wrong in dark colours only is found, in the page and in its frame', async () => {
  expect(await findingsOf('<p>Text</p>')).toEqual(['dark color-contrast <p>Text</p>']);
});

test('the page itself is looked at', async () => {
  expect(await findingsOf('', '<button></button>')).toEqual(['light button-name <button></button>']);
});
