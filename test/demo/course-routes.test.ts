import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLoopbackFetch } from '../../src/demo/loopback-fetch.ts';
import { type DirectDemo, startDirectDemo } from './support/demo-world.ts';
import { readForm, send } from './support/user-agent.ts';

let demo: DirectDemo;

beforeAll(async () => {
  demo = await startDirectDemo();
});
afterAll(() => demo.close());

const course = () => `${demo.lms.baseUrl}/schools/northside`;

describe('switching the person', () => {
  test('changes who launches in this browser and in no other', async () => {
    const { setCookies: cookies } = await send(course());
    const form = { person: 'ns-okafor', back: '/schools/northside/gradebook' };
    const switched = await send(`${course()}/act-as`, { form, cookies });
    expect(switched.location).toBe('/schools/northside/gradebook');
    const hintOf = async (sent: string[]) =>
      readForm((await send(`${course()}/items/ns-cell-lab/launch`, { cookies: sent })).body).fields
        .login_hint;
    const teacher = demo.lms.startLogin({ person: 'ns-okafor', link: 'ns-cell-lab' });
    expect(await hintOf(cookies)).toBe(teacher.parameters.login_hint);
    expect(await hintOf([])).not.toBe(teacher.parameters.login_hint);
  });

  test('is refused to a form on another site', async () => {
    const { setCookies: cookies } = await send(course());
    const headers = { 'sec-fetch-site': 'cross-site' };
    const answer = await send(`${course()}/act-as`, { form: { person: 'ns-okafor' }, cookies, headers });
    expect(answer.status).toBe(403);
  });

  test.each(['https://attacker.example/', '//attacker.example', '/schools/northside.attacker', ''])(
    'returns to the course instead of "%s"',
    async (back) => {
      const answer = await send(`${course()}/act-as`, { form: { person: 'ns-okafor', back } });
      expect(answer.location).toBe('/schools/northside');
    },
  );

  test('knows only people of the school', async () => {
    const answer = await send(`${course()}/act-as`, { form: { person: 'rb-chen' } });
    expect(answer.status).toBe(404);
  });
});

describe('the gradebook', () => {
  test('shows pupils their own row only', async () => {
    const page = (await send(`${course()}/gradebook`)).body;
    const rows = [...page.matchAll(/<th scope="row">([^<]*)</g)].map((row) => row[1]);
    expect(rows).toEqual(['Amara Nwosu']);
  });

  test('shows teachers every pupil and no score before one arrives', async () => {
    const { setCookies: cookies } = await send(course());
    await send(`${course()}/act-as`, { form: { person: 'ns-okafor' }, cookies });
    const page = (await send(`${course()}/gradebook`, { cookies })).body;
    expect([...page.matchAll(/<th scope="row">/g)]).toHaveLength(4);
    const cells = [...page.matchAll(/<td class="score">([^<]*)</g)].map((cell) => cell[1]);
    expect(new Set(cells)).toEqual(new Set(['–']));
  });
});

test('a link by GET is a redirect to the login with all its parameters', async () => {
  demo.lms.knobs.method = 'GET';
  const answer = await send(`${course()}/items/ns-cell-lab/launch`);
  demo.lms.knobs.method = 'POST';
  const { searchParams } = new URL(answer.location!);
  expect(searchParams.get('iss')).toBe(demo.lms.issuer);
  expect(searchParams.get('lti_message_hint')).not.toBe(null);
});

test.each(['/schools/nowhere', '/schools/northside/items/none', '/schools/northside/items/ns-mendel/launch'])(
  'there is no page at %s',
  async (path) => expect((await send(demo.lms.baseUrl + path)).status).toBe(404),
);

test('no page allows inline scripts, and only the LMS frames its pages', async () => {
  const { headers } = await send(course());
  expect(headers['content-security-policy']).toContain("script-src 'self';");
  expect(headers['content-security-policy']).toContain("frame-ancestors 'self'");
});

test('the loopback fetch reaches demo hosts on this machine and no other host', async () => {
  const loopbackFetch = createLoopbackFetch();
  expect((await loopbackFetch(demo.lms.jwksUrl)).status).toBe(200);
  await expect(loopbackFetch('http://lms.localhost.attacker.example/')).rejects.toThrow('localhost only');
});
