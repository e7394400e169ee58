import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const world = createApiWorld(testDatabase);
const [ours, theirs] = [await world.addSchool(), await world.addSchool()];
const { token: everywhere } = await world.makeToken();

test('a set-up link is made, shown once, listed without itself, and ended', async () => {
  const { call } = await world.open();
  const to = { token: ours.token, params: { slug: ours.slug } };
  const made = await call('inviteLms', {
    ...to,
    body: { family: 'moodle', days: 2, hosts: ['lms.example'] },
  });
  expect(made).toMatchObject({
    status: 201,
    body: {
      invitation: { state: 'open', family: 'moodle', hosts: ['lms.example'], attempts: 0, tries: [] },
      link: expect.stringMatching(new RegExp(`/t/${ours.slug}/lti/register/[\\w-]{32}$`)),
    },
  });
  const listed = await call('listLmsInvitations', to);
  expect(listed.body.invitations).toEqual([made.body.invitation]);
  expect(listed.text).not.toContain(made.body.link.split('/').at(-1));

  const { invitationId } = made.body.invitation;
  const foreign = { token: theirs.token, params: { slug: theirs.slug, invitationId } };
  expect((await call('listLmsInvitations', foreign)).body.invitations).toEqual([]);
  expect(await call('revokeLmsInvitation', { ...foreign, body: {} })).toMatchObject({
    status: 404,
    body: { code: 'invitation_unknown' },
  });
  const own = { token: ours.token, params: { slug: ours.slug, invitationId } };
  expect((await call('revokeLmsInvitation', { ...own, body: { reason: 'Sent wrongly' } })).status).toBe(200);
  expect((await call('listLmsInvitations', to)).body.invitations).toMatchObject([{ state: 'revoked' }]);
  expect((await call('revokeLmsInvitation', own)).body.code).toBe('invitation_unknown');
});

test('a product without dynamic registration is refused, and its values by hand are shown', async () => {
  const { call } = await world.open();
  const to = { token: ours.token, params: { slug: ours.slug } };
  expect(await call('inviteLms', { ...to, body: { family: 'schoology' } })).toMatchObject({
    status: 400,
    body: { code: 'registration_not_offered' },
  });
  const { body } = await call('showLmsSetup', { ...to, query: { family: 'schoology' } });
  expect(body).toMatchObject({ title: 'Schoology', offersRegistration: false });
  expect(body.fields).toContainEqual({
    ifAsked: false,
    name: 'OIDC Login Init URL',
    value: expect.stringContaining(`/t/${ours.slug}/lti/login`),
  });
});

test('a host in another form than LMSs have it is refused', async () => {
  const { call } = await world.open();
  for (const host of ['https://lms.example', 'LMS.example', '*.example', '.example', 'a b']) {
    const body = { family: 'moodle', hosts: [host] };
    const { status } = await call('inviteLms', { token: ours.token, params: { slug: ours.slug }, body });
    expect([host, status]).toEqual([host, 400]);
  }
});

test('a registration token of a tool is the hub’s: one tenant’s operators neither make nor see it', async () => {
  const { call } = await world.open();
  const made = await call('inviteTool', { token: everywhere, body: { tool: 'quiz', days: 1 } });
  expect(made).toMatchObject({
    status: 201,
    body: {
      invitation: { tool: 'quiz', state: 'open' },
      registrationToken: expect.stringMatching(/^[\w-]{32}$/),
    },
  });
  expect((await call('inviteTool', { token: ours.token, body: { tool: 'lab' } })).status).toBe(403);
  expect((await call('listToolInvitations', { token: ours.token })).status).toBe(403);
  const listed = await call('listToolInvitations', { token: everywhere });
  expect(listed.body.invitations).toHaveLength(1);
  expect(listed.text).not.toContain(made.body.registrationToken);
  world.clock.time += 86_400_001;
  expect((await call('listToolInvitations', { token: everywhere })).body.invitations).toMatchObject([
    { state: 'expired' },
  ]);
});
