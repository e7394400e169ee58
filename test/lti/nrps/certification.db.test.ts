import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { type Container, pupil, startNrpsWorld } from './support.ts';

const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const world = await startNrpsWorld(await createTestDatabase());
const { open, pathOf, read, readAll } = world;
const { course } = await world.addSchool('north');
const rlid = await world.addLink(course, 'lms-link');
await open(course, [
  pupil('teacher', { roles: ['Instructor'] }),
  pupil('one'),
  pupil('two', { status: 'Inactive' }),
  pupil('several', { roles: ['Learner', `${membership}#Mentor`] }),
  pupil('none', { roles: [] }),
]);

/** What NRPS 2.0 §2.2 asks of every container. */
function expectContainer({ id, context, members }: Container): void {
  expect(id).toMatch(/^https:\/\//);
  expect(context.id).toBe(course.contextId);
  for (const member of members) {
    expect(member.user_id).toMatch(/^.{1,255}$/);
    expect(member.roles).toEqual(expect.any(Array));
    expect(['Active', 'Inactive', 'Deleted']).toContain(member.status);
  }
}

test('Platform NRPS: the membership of a context', async () => {
  const { json, headers } = await read(pathOf(course));
  expect(headers.get('content-type')).toBe('application/vnd.ims.lti-nrps.v2.membershipcontainer+json');
  expectContainer(json);
  expect(json.members).toHaveLength(5);
});

test('Platform NRPS: the membership of a context by role', async () => {
  const { json } = await read(pathOf(course, { role: `${membership}#Learner` }));
  expectContainer(json);
  expect(json.members).toHaveLength(3);
  for (const { roles } of json.members) expect(roles).toContain(`${membership}#Learner`);
});

test('Platform NRPS: the membership of a context in pages', async () => {
  const first = await read(pathOf(course, { limit: '2' }));
  expectContainer(first.json);
  expect(first.json.members).toHaveLength(2);
  expect(first.next).toBeDefined();
  expect(first.differences).toBeUndefined();
  const { members } = await readAll(pathOf(course, { limit: '2' }));
  expect(new Set(members.map(({ user_id }) => user_id)).size).toBe(5);
});

test('Platform NRPS: what has changed since', async () => {
  const { differences } = await readAll(pathOf(course));
  const { json } = await read(String(differences));
  expectContainer(json);
  expect(json.members).toEqual([]);
});

test('Platform NRPS: the membership of a resource link', async () => {
  const { json } = await read(pathOf(course, { rlid }));
  expectContainer(json);
  expect(json.members).toHaveLength(5);
  for (const { message } of json.members)
    expect(message).toEqual([
      expect.objectContaining({
        'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiResourceLinkRequest',
      }),
    ]);
});

test('Platform NRPS: methods other than GET are refused with what is allowed', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const { status, headers } = await read(pathOf(course), { method });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  }
});
