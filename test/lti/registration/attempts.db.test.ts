import { beforeEach, expect, test } from 'vitest';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { purgeExpired } from '../../../src/health/store.ts';
import { revokeInvitation } from '../../../src/lti/registration/invitations.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { codeOf, createLinks } from './support/links.ts';
import { startRegisteringLms } from './support/registering-lms.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const { northside, riverbend } = world.tenants;
const links = createLinks(testDatabase, world);
const moodle = await startRegisteringLms('moodle');
const asked = {
  openid_configuration: `${moodle.origin}/configuration`,
  registration_token: 'one-time.token',
};
const registrations = () => database.withTenant(northside.tenantId, listRegistrations);

beforeEach(async () => {
  // Each test connects anew: the client that the LMS gives is always the same.
  await superuser.query('delete from lti_deployment');
  await superuser.query('delete from lti_registration');
  moodle.received.length = 0;
  world.first.refusals.length = 0;
});

test('a link works once, and says so ever after', async () => {
  const link = await links.make(northside, { family: 'moodle' });
  expect((await links.open(link, asked)).status).toBe(200);
  const again = await links.open(link, asked);
  expect([again.status, codeOf(again)]).toEqual([400, 'registration_link_used']);
  expect(await registrations()).toHaveLength(1);
  expect(world.first.refusals).toMatchObject([
    { kind: 'registration', outcome: 'user_error', reason: 'registration_link_used' },
  ]);
});

test('of ten at once, on two copies, one registers, and the LMS is asked once', async () => {
  const copy = await world.addCopy();
  const link = await links.make(northside, { family: 'moodle' });
  const there = link.replace(world.hubUrl, copy.origin);
  const opened = await Promise.all(
    Array.from({ length: 10 }, (_, i) => links.open(i % 2 === 0 ? link : there, asked)),
  );
  expect(opened.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const answer of opened.filter(({ status }) => status !== 200)) {
    expect(codeOf(answer)).toMatch(/^registration_link_(busy|used)$/);
  }
  expect(moodle.received.filter(({ path }) => path === '/register')).toHaveLength(1);
  expect(await registrations()).toHaveLength(1);
});

test('a try that broke off keeps others out for a minute, and no longer', async () => {
  const link = await links.make(northside, { family: 'moodle' });
  const { invitationId } = (await links.list(northside))[0]!;
  const until = new Date(world.clock.now() + 60_000);
  await superuser.query(
    'update lti_invitation set attempt_id = gen_random_uuid(), attempt_until = $1 where invitation_id = $2',
    [until, invitationId],
  );
  expect(codeOf(await links.open(link, asked))).toBe('registration_link_busy');
  world.clock.advance(61_000);
  expect((await links.open(link, asked)).status).toBe(200);
});

test('a link that was revoked while the LMS took its time makes nothing', async () => {
  const link = await links.make(northside, { family: 'moodle' });
  const { invitationId } = (await links.list(northside))[0]!;
  moodle.misbehave('/register', async (response, body) => {
    await database.withTenant(northside.tenantId, (tx) =>
      revokeInvitation(tx, { invitationId, side: 'lms' }, links.by()),
    );
    response.writeHead(201).end(JSON.stringify({ ...body, client_id: 'late' }));
  });
  const answer = await links.open(link, asked);
  moodle.misbehave('/register', undefined);
  expect(codeOf(answer)).toBe('registration_link_busy');
  expect(await registrations()).toEqual([]);
  expect(codeOf(await links.open(link, asked))).toBe('registration_link_revoked');
});

test('an expired link is refused', async () => {
  const link = await links.make(northside, { family: 'moodle', days: 1 });
  world.clock.advance(86_400_001);
  expect(codeOf(await links.open(link, asked))).toBe('registration_link_expired');
  expect(moodle.received).toEqual([]);
});

test('another institution’s link is none here, nor is a made-up one', async () => {
  const link = await links.make(riverbend, { family: 'moodle' });
  const moved = link.replace('/t/riverbend/', '/t/northside/');
  for (const wrong of [moved, `${moved}x`, link.replace('/t/riverbend/', '/t/nobody/')]) {
    const answer = await links.open(wrong, asked);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'registration_link_unknown']);
  }
  expect(moodle.received).toEqual([]);
  expect((await links.list(riverbend))[0]).toMatchObject({ attempts: 0, tries: [] });
});

test('opened by hand, a link says where to enter it, and stays good', async () => {
  const link = await links.make(northside, { family: 'moodle' });
  const answer = await links.open(link);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'registration_opened_by_hand']);
  expect(answer.body).toContain('Enter this address in your learning platform');
  expect(answer.body).toContain('Manage tools');
  expect((await links.open(link, asked)).status).toBe(200);
  expect(codeOf(await links.open(link))).toBe('registration_link_used');
});

test('tries that ended long ago are forgotten, later ones stay', async () => {
  const ageTo = (months: number) =>
    superuser.query('update lti_registration_attempt set ended_at = now() - make_interval(months => $1)', [
      months,
    ]);
  const link = await links.make(northside, { family: 'moodle' });
  await links.open(link, asked);
  const tries = async () => (await links.list(northside))[0]?.tries.length;
  await ageTo(12);
  await database.withRollup((tx) => purgeExpired(tx, 1_000));
  expect(await tries()).toBe(1);
  await ageTo(14);
  await database.withRollup((tx) => purgeExpired(tx, 1_000));
  expect(await tries()).toBe(0);
});
