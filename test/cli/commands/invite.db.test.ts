import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const { done, hub, makeTenant, freshSlug } = createCommandLine(await createTestDatabase());

test('a set-up link of a tenant is made, listed without its token, and ended', async () => {
  const slug = await makeTenant();
  const words = ['lms', 'invite', '--tenant', slug, '--family', 'canvas', '--host', 'canvas.school.example'];
  const { out } = await hub([...words, '--reason', 'Agreed']);
  const token = new RegExp(`https://hub.example/t/${slug}/lti/register/([\\w-]{32})`).exec(out)![1]!;
  const listed = await hub(['lms', 'invitations', '--tenant', slug]);
  expect(listed.out).toMatch(/canvas +open +2025-09-08T00:00:00.000Z +never tried/);
  expect(listed.out).not.toContain(token);
  const { invitations } = await done('lms', 'invitations', '--tenant', slug);
  await done('lms', 'uninvite', invitations[0].invitationId, '--tenant', slug);
  expect((await done('lms', 'invitations', '--tenant', slug)).invitations[0].state).toBe('revoked');
});

test('with --hub it is for all schools of a vendor', async () => {
  const { link } = await done('lms', 'invite', '--hub', '--family', 'blackboard');
  expect(link).toMatch(/^https:\/\/hub\.example\/lti\/register\/[\w-]{32}$/);
  expect((await done('lms', 'invitations', '--hub')).invitations).toHaveLength(1);
});

test('the values to enter by hand come as words and as a document', async () => {
  const slug = await makeTenant();
  const { out } = await hub(['lms', 'setup', '--tenant', slug, '--family', 'canvas']);
  expect(out).toContain('“Paste JSON”');
  expect(out).toContain(`"oidc_initiation_url": "https://hub.example/t/${slug}/lti/login"`);
  const sheet = await done('lms', 'setup', '--hub', '--family', 'blackboard');
  expect(sheet.fields).toContainEqual({
    ifAsked: false,
    name: 'Login Initiation URL',
    value: 'https://hub.example/lti/login',
  });
});

test('a tool’s registration token comes with the address that the tool reads first, and as a link', async () => {
  const slug = freshSlug();
  const url = 'https://quiz.example/register?v=1';
  const made = await done('tool', 'invite', '--slug', slug, '--registration-url', url);
  expect(made.openidConfiguration).toBe('https://hub.example/.well-known/openid-configuration');
  expect(Object.fromEntries(new URL(made.link).searchParams)).toEqual({
    v: '1',
    openid_configuration: made.openidConfiguration,
    registration_token: made.registrationToken,
  });
  const { out } = await hub(['tool', 'invitations']);
  expect(out).toContain(slug);
  expect(out).not.toContain(made.registrationToken);
  expect((await hub(['tool', 'uninvite', made.invitation.invitationId])).out).toContain('no more');
  expect((await hub(['tool', 'uninvite', made.invitation.invitationId])).err).toContain('no such invitation');
});

test.each([
  [['lms', 'invite', '--family', 'canvas'], 'or --hub has to be given'],
  [['lms', 'invite', '--hub', '--family', 'schoology'], 'no dynamic registration'],
  [['lms', 'invite', '--hub', '--family', 'moodle', '--days', '31'], '30 days at most'],
  [['tool', 'invite', '--slug', 'Not One'], 'A short name'],
  [['tool', 'invite', '--slug', 'quiz', '--registration-url', 'quiz'], 'complete web address'],
])('%j is refused', async (words, complaint) => {
  const said = await hub(words);
  expect(said.exitCode).not.toBe(0);
  expect(said.err).toContain(complaint);
});
