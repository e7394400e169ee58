import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorPage, reasonPage } from '../../../src/lti/pages/error-page.ts';
import { formPostPage } from '../../../src/lti/pages/form-post-page.ts';
import { framedPage } from '../../../src/lti/pages/framed-page.ts';
import { pageHeaders } from '../../../src/lti/pages/headers.ts';
import { storagePutPage } from '../../../src/lti/pages/storage-pages.ts';
import { reasonCodes } from '../../../src/lti/reasons.ts';
import { languages } from '../../../src/platform/i18n.ts';
import { environments, samplePages } from './samples.ts';

const pages = Object.keys(samplePages('')).sort();

function render(name: string, value: string, language: (typeof languages)[number] = 'en'): string {
  const page = samplePages(value)[name];
  if (page === undefined) throw new Error(`no sample ${name}`);
  return page(environments(language)).text;
}

/** The page without its attribute values and texts: what a browser takes for markup. */
function skeleton(page: string): string {
  return page.replace(/"[^"]*"/g, '""').replace(/>[^<]*</g, '><');
}

test.each(pages)('%s keeps its markup whatever text it is given', (name) => {
  const expected = skeleton(render(name, 'plain'));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'<>"\'&/ =x\n') })), (value) => {
      expect(skeleton(render(name, value))).toBe(expected);
    }),
    { numRuns: 60 },
  );
});

test.each(pages)('%s has nothing inline that a strict policy would block', (name) => {
  const page = render(name, 'plain');
  expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
});

test.each(pages)('%s is under 30 kB in every language, with a hint of 4 kB in every place', (name) => {
  for (const language of languages) {
    expect(Buffer.byteLength(render(name, 'x'.repeat(2000), language))).toBeLessThan(30_000);
  }
});

test.each(pages)('%s names its language and direction', (name) => {
  expect(render(name, 'plain', 'ar')).toContain('<html lang="ar" dir="rtl">');
  expect(render(name, 'plain', 'fr')).toContain('<html lang="fr" dir="ltr">');
});

test('a form_post page is under 3 kB beside the fields it carries', () => {
  for (const language of languages) {
    const page = formPostPage(environments(language), { action: 'https://tool.example/launch', fields: {} });
    expect(Buffer.byteLength(page.text)).toBeLessThan(3000);
  }
});

test('a login by GET keeps the query of the authorize URL as fields of its form', () => {
  const page = storagePutPage(environments('en'), {
    storage: { frame: '_parent', authorizeUrl: 'https://lms.example/auth?site=7', key: 'state' },
    proof: 'secret',
    authorize: { method: 'get', action: 'https://lms.example/auth?site=7', fields: { state: 's' } },
  }).text;
  expect(page).toContain('method="get" action="https://lms.example/auth"');
  expect(page).toContain('name="site" value="7"');
});

test('a query that has a name twice becomes a field for each', () => {
  const action = 'https://tool.example/login?site=7&site=8&state=old';
  const page = formPostPage(environments('en'), { method: 'get', action, fields: { state: 's' } }).text;
  const fields = [...page.matchAll(/name="(\w+)" value="(\w+)"/g)].map(([, ...field]) => field);
  expect(fields).toEqual([
    ['site', '7'],
    ['site', '8'],
    ['state', 's'],
  ]);
});

test('a storage page carries the exact origin of the authorize URL', () => {
  const page = storagePutPage(environments('en'), {
    storage: { frame: '_parent', authorizeUrl: 'https://sso.lms.example:8443/a/b?c', key: 'state' },
    proof: 'secret',
    authorize: { action: 'https://sso.lms.example:8443/a/b?c', fields: {} },
  }).text;
  expect(page).toContain('&quot;origin&quot;:&quot;https://sso.lms.example:8443&quot;');
});

test('no secret of a page stands in an address', () => {
  for (const name of pages) {
    for (const [, address] of render(name, 'SECRET').matchAll(/(?:href|src|action)="([^"]*)"/g)) {
      expect(address).not.toContain('SECRET');
    }
  }
});

test('a frame hands features on to the tool’s origins only', () => {
  const page = framedPage(environments('en'), {
    toolName: 'Fractions',
    open: { action: 'https://tool.example/login', fields: {} },
    toolOrigins: ['https://tool.example/login'],
    proof: { launch: 'a', value: 'b' },
  }).text;
  expect(page).toContain('camera https://tool.example;');
});

test('every reason renders in every language with its code and reference', () => {
  for (const code of reasonCodes) {
    for (const language of languages) {
      const page = reasonPage(environments(language), { code, reference: 'REF-1' }).text;
      expect(page).toContain(code);
      expect(page).toContain('REF-1');
    }
  }
});

test('an error page without advice has nothing to unfold', () => {
  const options = { title: 'T', happened: 'H', next: 'N', turn: 'you', reference: 'R' } as const;
  expect(errorPage(environments('en'), options).text).not.toContain('<details');
});

test('the policy allows nothing inline, limits who may frame the page and lets forms go anywhere', () => {
  const headers = pageHeaders({ frameAncestors: ['https:'], frames: ['https:'] });
  const policy = headers['Content-Security-Policy'];
  expect(policy).toContain(`script-src 'self';`);
  expect(policy).toContain('frame-ancestors https:');
  expect(policy).toContain(`frame-src 'self' https:`);
  expect(policy).not.toMatch(/unsafe|form-action/);
  expect(headers).not.toHaveProperty('X-Frame-Options');
  expect(headers['Cache-Control']).toBe('no-store');
});
