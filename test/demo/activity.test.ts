import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DirectDemo, startDirectDemo } from './support/demo-world.ts';
import { readFact, readForm, send } from './support/user-agent.ts';

let demo: DirectDemo;

beforeAll(async () => {
  demo = await startDirectDemo();
});
afterEach(() => demo.lms.modes.set('northside', 'normal'));
afterAll(() => demo.close());

/** Launches the tool at the LMS itself, up to its first page. */
async function launch(person: string, link = 'ns-cell-lab'): Promise<string> {
  const login = demo.lms.startLogin({ person, link, knobs: { storageTarget: null } });
  const started = await send(login.url, { form: login.parameters });
  const { fields } = readForm((await send(started.location!)).body);
  return (await send(demo.tool.launchUrl, { form: fields, cookies: started.setCookies })).body;
}

/** Address of the activity page that the launch leads to. */
async function openActivity(person: string): Promise<string> {
  const path = /href="(\/activity\/[^"]*)"/.exec(await launch(person))![1]!;
  return new URL(path, demo.tool.launchUrl).href;
}

async function handIn(url: string, form: Record<string, string>) {
  const answer = await send(url, { form: { maximum: '10', comment: '', ...form } });
  return { status: answer.status, page: (await send(url)).body };
}

/** The rows of the page's tables, as text. */
function rowsOf(page: string): string[] {
  const rows = page.matchAll(/<tr><th scope="row">(.*?)<\/tr>/g);
  return [...rows].map((row) =>
    row[1]!
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

describe('a learner', () => {
  test('hands in, sees the answer and what the gradebook says, and may take it back', async () => {
    const url = await openActivity('ns-nwosu');
    const empty = (await send(url)).body;
    expect(readFact(empty, 'results')).toBe('');
    expect(empty).toContain('Nothing yet.');
    expect(empty).toContain('Score, from 0 to 10');
    const sent = await handIn(url, { score: '7.5', comment: 'Done & dusted' });
    expect(sent.status).toBe(303);
    expect(rowsOf(sent.page)).toEqual([
      'Amara Nwosu 7.5 of 10 Done &amp; dusted',
      expect.stringMatching(/UTC Amara Nwosu 7.5 of 10 Done &amp; dusted Status 204\. Accepted$/),
    ]);
    const cleared = await handIn(url, { score: '' });
    expect(rowsOf(cleared.page)[0]).toBe('Amara Nwosu No score');
  });

  test('sees nobody else', async () => {
    await handIn(await openActivity('ns-nwosu'), { score: '1' });
    const page = (await send(await openActivity('ns-park'))).body;
    expect(page).not.toContain('Amara');
    expect(rowsOf(page)).toEqual([]);
  });

  test.each(['11', '-1', 'ten', 'NaN', 'Infinity'])('hands in no score of %s', async (score) => {
    const url = await openActivity('ns-castillo');
    const { status, page } = await handIn(url, { score });
    expect(status).toBe(400);
    expect(rowsOf(page)).toEqual([]);
  });

  test('is told when the gradebook takes nothing, and that it cannot be read', async () => {
    const url = await openActivity('ns-fischer');
    demo.lms.modes.set('northside', 'down');
    const { page } = await handIn(url, { score: '3' });
    expect(page).toContain('It could not be read (Status 503)');
    expect(page).toContain('data-answer="503"');
  });
});

test('a teacher sees everyone by the names that launches told, and hands nothing in', async () => {
  await handIn(await openActivity('ns-nwosu'), { score: '4' });
  await handIn(await openActivity('ns-fischer'), { score: '5' });
  const url = await openActivity('ns-okafor');
  const { status, page } = await handIn(url, { score: '6' });
  expect(status).toBe(404);
  expect(page).not.toContain('<textarea');
  expect(rowsOf(page)).toEqual(
    expect.arrayContaining(['Amara Nwosu 4 of 10', 'Someone without a name 5 of 10']),
  );
});

test('a link without a line item leads to no activity', async () => {
  expect(await launch('ns-nwosu', 'ns-microscope')).not.toContain('/activity/');
});

test('a key that was never given opens nothing', async () => {
  expect((await send(`${new URL(demo.tool.launchUrl).origin}/activity/none`)).status).toBe(404);
});

test('the gradebook page shows the score, how far it is, the comment and when it arrived', async () => {
  const url = await openActivity('ns-castillo');
  await handIn(url, { score: '9', comment: '<b>bold</b>' });
  const course = `${demo.lms.baseUrl}/schools/northside`;
  const { setCookies: cookies } = await send(course);
  await send(`${course}/act-as`, { form: { person: 'ns-castillo' }, cookies });
  const { body } = await send(`${course}/gradebook`, { cookies });
  const row = rowsOf(body.replaceAll('\n', ' '))[0];
  expect(row).toMatch(/^Diego Castillo 9 Completed, graded &lt;b&gt;bold&lt;\/b&gt; Arrived \d.* –$/);
  expect(body).toContain('One score, the last from');
});
