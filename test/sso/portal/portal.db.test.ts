import { beforeAll, expect, test } from 'vitest';
import type { PersonId } from '../../../contracts/ids.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { endFor } from '../../../src/sso/sessions/sessions.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { send } from '../../demo/support/user-agent.ts';
import { addToolClient } from '../../lti/token/tool-client.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { click, type PortalSchool, readButtons, startPortalWorld, visit } from './world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const { world, northside, riverbend } = await startPortalWorld(testDatabase);
let ada: PersonId;
let cookie: string;

const classesOf = (body: string) => [...body.matchAll(/<h3>([^<]*)<\/h3>/g)].map(([, title]) => title);

async function enable(school: PortalSchool, name: string): Promise<Tool> {
  const { tool } = await addToolClient(testDatabase, { name });
  await database.withTenant(school.tenant.tenantId, (tx) =>
    enableToolWithPolicy(tx, { toolId: tool.toolId, template: 'anonymous' }, by()),
  );
  return tool;
}

beforeAll(async () => {
  const { addClass, addTerm, addUser, enroll, day } = northside;
  await addTerm('now', -30, 30);
  await addTerm('before', -400, -100);
  await addTerm('next', 60, 120);
  await northside.put('roster_org', { sourced_id: 'o1', name: 'Upper school' });
  await addClass('bio', 'Biology 9', {
    ...{ class_code: 'BIO-9', school_sourced_id: 'o1', term_sourced_ids: ['now', 'before'] },
  });
  await addClass('maths', 'Maths 10');
  await addClass('maths-old', 'Maths of last year', { term_sourced_ids: ['before'] });
  await addClass('next', 'Chemistry to come', { term_sourced_ids: ['next'] });
  await addClass('left', 'Left');
  await addClass('gone', 'Gone', { removed_at: new Date() });
  await addClass('others', 'Of others');
  ada = await addUser('ada', ['Ada', 'Byron'], 'student');
  for (const id of ['bio', 'maths', 'maths-old', 'next', 'gone']) await enroll('ada', id, 'student');
  await enroll('ada', 'maths', 'aide');
  await enroll('ada', 'left', 'student', { end_date: day(-1) });
  await enroll('ada', 'others', 'student', { removed_at: new Date() });
  ({ cookie } = await northside.signIn(ada));
});

test('whoever is not signed in goes to sign in, and comes back to what they had asked for', async () => {
  for (const address of [northside.portal, `${northside.portal}?class=abc`]) {
    const { status, location } = await visit(address);
    expect(status).toBe(303);
    const { pathname, searchParams } = new URL(String(location), world.hubUrl);
    expect(pathname).toBe('/t/northside/sign-in');
    expect(searchParams.get('returnTo')).toBe(address.slice(world.hubUrl.length));
  }
});

test('a pupil is greeted, and shown the classes of this term with the tools of the school', async () => {
  const page = await visit(northside.portal, cookie);
  expect(page.status).toBe(200);
  expect(page.body).toContain('Hello, Ada Byron');
  expect(classesOf(page.body)).toEqual(['Biology 9', 'Maths 10']);
  expect(page.body).toContain('Student · BIO-9 · Upper school');
  expect(page.body).toContain('Staff · Student');
  expect(readButtons(page).map(({ label }) => label)).toEqual([
    'Open Sample tool for Biology 9',
    'Open Sample tool for Maths 10',
    'Open Sample tool',
  ]);
  expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(page.headers['cache-control']).toBe('no-store');
});

test('a class of users who may not sign in is not shown', async () => {
  const { addUser, enroll, signIn, portal } = northside;
  const person = await addUser('off', ['Off', 'Left'], 'student');
  await enroll('off', 'bio', 'student');
  await superuser.query(`update roster_user set enabled_user = false where sourced_id = 'off'`);
  const { body } = await visit(portal, (await signIn(person)).cookie);
  expect(classesOf(body)).toEqual([]);
  expect(body).toContain('You are in no class at the moment.');
});

test('the page speaks the reader’s language', async () => {
  const { body } = await send(northside.portal, {
    cookies: [cookie],
    headers: { 'accept-language': 'ar' },
  });
  expect(body).toContain('<html lang="ar" dir="rtl">');
  expect(body).toContain('فتح Sample tool لصف Biology 9');
});

test('a session of one school is none at another', async () => {
  const { status, location } = await visit(riverbend.portal, cookie);
  expect([status, location?.startsWith('/t/riverbend/sign-in?')]).toEqual([303, true]);
  const renamed = cookie.replace(
    northside.tenant.tenantId.replaceAll('-', ''),
    riverbend.tenant.tenantId.replaceAll('-', ''),
  );
  expect((await visit(riverbend.portal, renamed)).status).toBe(303);
});

test('nothing of another school is shown, even where both call things the same', async () => {
  await riverbend.addClass('bio', 'Biology of Riverbend');
  const person = await riverbend.addUser('ada', ['Adam', 'Other'], 'teacher');
  await riverbend.enroll('ada', 'bio', 'teacher');
  await enable(riverbend, 'Only Riverbend');
  const theirs = await visit(riverbend.portal, (await riverbend.signIn(person)).cookie);
  expect(theirs.body).toContain('Only Riverbend');
  expect(classesOf(theirs.body)).toEqual(['Biology of Riverbend']);
  const ours = await visit(northside.portal, cookie);
  expect(ours.body).not.toMatch(/Riverbend|Adam/);
  // Only somebody who teaches is told where scores stay.
  expect(theirs.body).toContain('Scores from here wait');
  expect(ours.body).not.toContain('Scores from here wait');
});

test('a person who was merged into another sees what the one who is kept has', async () => {
  const { addUser, signIn, portal, tenant } = northside;
  const absorbed = await addUser('twin', ['Ada', 'Byron'], 'student');
  const session = await signIn(absorbed);
  await superuser.query('update person set merged_into = $1 where tenant_id = $2 and person_id = $3', [
    ada,
    tenant.tenantId,
    absorbed,
  ]);
  expect(classesOf((await visit(portal, session.cookie)).body)).toEqual(['Biology 9', 'Maths 10']);
});

test('a role that has changed is shown at the next visit', async () => {
  const { addUser, enroll, signIn, portal } = northside;
  const person = await addUser('grace', ['Grace', 'Hopper'], 'student');
  await enroll('grace', 'bio', 'student');
  const session = await signIn(person);
  expect((await visit(portal, session.cookie)).body).toContain('Student · BIO-9');
  await superuser.query(`update roster_enrollment set role = 'teacher' where user_sourced_id = 'grace'`);
  expect((await visit(portal, session.cookie)).body).toContain('Teacher · BIO-9');
});

test('after signing out, or when the session was ended elsewhere, nothing is shown', async () => {
  const session = await northside.signIn(ada);
  await database.withTenant(northside.tenant.tenantId, (tx) =>
    endFor(tx, { sessionId: session.sessionId }, 'partner', world.clock.now()),
  );
  expect((await visit(northside.portal, session.cookie)).status).toBe(303);
  const other = await northside.signIn(ada);
  const out = await send(northside.portal.replace('portal', 'sign-out'), {
    ...{ form: {}, cookies: [other.cookie], headers: { 'sec-fetch-site': 'same-origin' } },
  });
  expect(out.location).toBe('/t/northside/signed-out');
  expect((await visit(northside.portal, other.cookie)).status).toBe(303);
});

test('somebody with many classes and tools chooses the class first, page by page', async () => {
  const { addUser, addClass, enroll, signIn, portal } = riverbend;
  const person = await addUser('busy', ['Busy', 'Person'], 'teacher');
  for (let number = 1; number <= 65; number += 1) {
    await addClass(`many-${number}`, `Class ${number}`);
    await enroll('busy', `many-${number}`, 'teacher');
  }
  const session = (await signIn(person)).cookie;
  const open = (query: string) => visit(`${portal}${query}`, session);
  const first = await open('');
  expect(readButtons(first)).toEqual([]);
  const links = (body: string) => [...body.matchAll(/<h3><a href="([^"]*)">([^<]*)</g)];
  expect(links(first.body).map(([, , title]) => title)).toEqual(
    Array.from({ length: 25 }, (_, index) => `Class ${index + 1}`),
  );
  expect(links((await open('?page=3')).body).map(([, , title]) => title)).toEqual(
    Array.from({ length: 15 }, (_, index) => `Class ${index + 51}`),
  );
  // Past the end is the end.
  expect((await open('?page=999')).body).toContain('Class 65');
  expect((await open('?page=-1')).status).toBe(200);
  const [, address = ''] = links(first.body)[0] ?? [];
  const one = await visit(`${world.hubUrl}${address}`, session);
  expect(readButtons(one).map(({ label }) => label)).toContain('Open Only Riverbend for Class 1');
  expect(readButtons(await open('?tools')).map(({ label }) => label)).toContain('Open Only Riverbend');
  for (const { body } of [first, one]) expect(Buffer.byteLength(body)).toBeLessThan(30_000);
});

test('a form of another site opens nothing', async () => {
  const [button] = readButtons(await visit(northside.portal, cookie));
  const form = { class: String(button?.class), tool: String(button?.tool) };
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }, {}]) {
    expect((await click(northside, cookie, form, headers)).status).toBe(403);
  }
  const { rows } = await superuser.query('select from launch');
  expect(rows).toEqual([]);
});
