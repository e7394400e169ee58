import { expect, test } from 'vitest';
import { setIdentityStatus } from '../../src/sso/identities/identities.ts';
import { decideWay } from '../../src/sso/routes.ts';
import { createTestDatabase } from '../support/database.ts';
import { signInAt, startSignInWorld } from './support/world.ts';

const world = await startSignInWorld(await createTestDatabase());
/** Nobody listens there, and nobody is asked. */
const nobody = 1;

test('without a way of signing in the page says whom to ask', async () => {
  const { slug } = await world.addTenant();
  const { status, body } = await world.first.visitor().open(`/t/${slug}/sign-in`);
  expect(status).toBe(200);
  expect(body).toContain('There is no way to sign in here yet.');
  expect(body).not.toContain('<form');
});

test('an address of no institution is a page that is not there', async () => {
  for (const slug of ['nobody', 'NORTH', '%2e%2e', 'a'.repeat(80)]) {
    const { status } = await world.first.visitor().open(`/t/${slug}/sign-in`);
    expect([slug, status]).toEqual([slug, 404]);
  }
});

test('one way is gone to at once, unless somebody wants to read', async () => {
  const tenant = await world.addTenant();
  const identity = await world.connect(tenant, [nobody]);
  const visitor = world.first.visitor();
  const { status, location, headers } = await visitor.open(`/t/${tenant.slug}/sign-in`);
  expect(status).toBe(303);
  expect(headers['cache-control']).toBe('no-store');
  expect(location).toBe(
    `${signInAt(tenant, identity)}?returnTo=${encodeURIComponent(`/t/${tenant.slug}/portal`)}`,
  );
  const choice = await visitor.open(`/t/${tenant.slug}/sign-in?choose`);
  expect([choice.status, choice.location]).toEqual([200, undefined]);
  expect(choice.body).toContain('Sign in with School directory');
  // There is no other way, so that none is offered.
  expect((await visitor.open(location ?? '')).body).not.toContain('Sign in another way');
});

test('several ways are shown by name, the oldest first, without those that are switched off', async () => {
  const tenant = await world.addTenant();
  const named = (name: string) => world.connect(tenant, [nobody], { name });
  const [staff, pupils, old] = [await named('Staff <b>'), await named('Pupils'), await named('Old')];
  const { db } = world.services;
  await setIdentityStatus({ db }, tenant.tenantId, old.connectionId, 'paused', world.by());
  const { body } = await world.first
    .visitor()
    .open(`/t/${tenant.slug}/sign-in?returnTo=/t/${tenant.slug}/portal/x`);
  const links = [...body.matchAll(/<a class="button" href="([^"]*)">([^<]*)</g)].map(([, href, name]) => [
    href?.split('?')[0],
    name,
  ]);
  expect(links).toEqual([
    [signInAt(tenant, staff), 'Sign in with Staff &lt;b&gt;'],
    [signInAt(tenant, pupils), 'Sign in with Pupils'],
  ]);
  expect(body).toContain(`returnTo=${encodeURIComponent(`/t/${tenant.slug}/portal/x`)}`);
  expect((await world.first.visitor().open(signInAt(tenant, staff))).body).toContain('Sign in another way');
});

test('an address leads to the way of its domain or of the closest one above it', () => {
  const [all, pupils, others] = [
    { domains: ['school.example'] },
    { domains: ['pupils.school.example'] },
    { domains: ['other.example'] },
  ];
  const ways = [all, pupils, others];
  expect(decideWay(ways, 'a@school.example')).toBe(all);
  expect(decideWay(ways, ' A@SCHOOL.example ')).toBe(all);
  expect(decideWay(ways, 'a@staff.school.example')).toBe(all);
  expect(decideWay(ways, 'a@pupils.school.example')).toBe(pupils);
  expect(decideWay(ways, 'a@ninth.pupils.school.example')).toBe(pupils);
  expect(decideWay(ways, '"a@other.example"@school.example')).toBe(all);
  for (const email of ['', '@', 'a@notschool.example', 'a@example', 'a@school.example.evil.example', 'a']) {
    expect([email, decideWay(ways, email)]).toEqual([email, undefined]);
  }
});

test('a form with an e-mail address leads on, or says that it leads nowhere; the address is kept nowhere', async () => {
  const tenant = await world.addTenant();
  await world.connect(tenant, [nobody], { name: 'Staff' });
  const pupils = await world.connect(tenant, [nobody], { name: 'Pupils', domains: ['Pupils.example'] });
  const visitor = world.first.visitor();
  const page = `/t/${tenant.slug}/sign-in`;
  const returnTo = `/t/${tenant.slug}/portal/x?y=1`;
  expect((await visitor.open(page)).body).toMatch(/<input id="email"[^>]* type="email" autocomplete="email"/);
  const found = await visitor.post(page, { email: 'zyx@pupils.example', returnTo });
  expect([found.status, found.location]).toEqual([
    303,
    `${signInAt(tenant, pupils)}?returnTo=${encodeURIComponent(returnTo)}`,
  ]);
  const lost = await visitor.post(page, { email: 'zyx@elsewhere.example', returnTo });
  expect(lost.status).toBe(303);
  const again = await visitor.open(lost.location ?? '');
  expect(again.body).toContain('No way of signing in belongs to this address.');
  expect(again.body).toContain('aria-invalid="true" aria-describedby="unknown"');
  expect(again.body).toContain(`name="returnTo" value="${returnTo}"`);
  expect(lost.location).not.toContain('zyx');
  expect(world.log.join('\n')).not.toContain('zyx');
});

test('a form from another site is refused, and so is one without a word of where it is from', async () => {
  const tenant = await world.addTenant();
  await world.connect(tenant, [nobody], { domains: ['pupils.example'] });
  const visitor = world.first.visitor();
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none', origin: 'https://evil.example' },
  ]) {
    const { status } = await visitor.post(
      `/t/${tenant.slug}/sign-in`,
      { email: 'a@pupils.example' },
      headers,
    );
    expect([headers, status]).toEqual([headers, 403]);
  }
});

test('hostile return addresses lead to the portal, on every page that takes them', async () => {
  const tenant = await world.addTenant();
  await world.connect(tenant, [nobody], { domains: ['pupils.example'] });
  const home = encodeURIComponent(`/t/${tenant.slug}/portal`);
  const visitor = world.first.visitor();
  for (const given of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/',
    `/t/${tenant.slug}/portal/../../..//evil.example`,
    `/t/${tenant.slug}/portal/%2e%2e/%2e%2e/%2e%2e//evil.example`,
    `/t/${tenant.slug}/portal\r\nx: y`,
    '/t/school-1/portal/x',
  ]) {
    const byLink = await visitor.open(`/t/${tenant.slug}/sign-in?returnTo=${encodeURIComponent(given)}`);
    const byForm = await visitor.post(`/t/${tenant.slug}/sign-in`, {
      email: 'a@pupils.example',
      returnTo: given,
    });
    for (const { location } of [byLink, byForm]) expect(location).toMatch(new RegExp(`returnTo=${home}$`));
  }
  const twice = await visitor.open(
    `/t/${tenant.slug}/sign-in?returnTo=//evil.example&returnTo=//evil.example`,
  );
  expect(twice.location).toMatch(new RegExp(`returnTo=${home}$`));
});
