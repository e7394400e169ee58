import { beforeEach, expect, test } from 'vitest';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { connectIdentity } from '../../../src/sso/identities/identities.ts';
import { getTenantBySlug } from '../../../src/tenants/tenants.ts';
import { personal, tryToSignIn } from '../../api/support/sign-in-rows.ts';
import { directoryInput } from '../../api/support/sso-services.ts';
import { createTestDatabase } from '../../support/database.ts';
import { clock, createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { superuser, database } = testDatabase;
const { done, hub, makeTenant, sso: services } = createCommandLine(testDatabase);
let ticks = 0;
/** Ids are made in the order of time: each try is a moment later. */
const sso = { ...services, clock: { now: () => clock.now() + ++ticks } };
const unknownId = '0199c5a4-0000-7000-8000-000000000000';

let school: { slug: string; tenantId: TenantId; identityId: ConnectionId };
let at: string[];

async function addSchool() {
  const slug = await makeTenant();
  const { tenantId } = await getTenantBySlug(database.directory, slug);
  const input = directoryInput(1, { allowsNew: true, roleRules: [{ group: '*', role: 'student' }] });
  const { connectionId } = await connectIdentity(sso, tenantId, input, { actor: 'test', now: clock.now() });
  return { slug, tenantId, identityId: connectionId };
}

beforeEach(async () => {
  school = await addSchool();
  at = ['--tenant', school.slug];
});

const sessions = async (...words: string[]) => (await done('session', 'list', ...at, ...words)).sessions;
const disclosures = async () => {
  const { rows } = await superuser.query(
    `select v.after, v.reason from audit_event e join audit_value v using (tenant_id, sequence)
     where e.tenant_id = $1 and action = 'people.shown'`,
    [school.tenantId],
  );
  return rows;
};

test('who is signed in is listed by ids, of one person and of one connection, page by page', async () => {
  for (const subject of ['a', 'b', 'b']) await tryToSignIn(sso, school, { subject });
  const all = await sessions();
  expect(all).toHaveLength(3);
  const [newest, middle, oldest] = all;
  expect(newest).toMatchObject({ connectionId: school.identityId, role: 'student' });
  expect(newest.personId).toBe(middle.personId);
  expect(await sessions('--person', oldest.personId)).toEqual([oldest]);
  expect(await sessions('--connection', school.identityId, '--limit', '2')).toEqual([newest, middle]);
  expect(await sessions('--before', middle.sessionId)).toEqual([oldest]);
  const { out } = await hub(['session', 'list', ...at]);
  expect(out).toMatch(new RegExp(`${newest.sessionId} +${newest.personId} +${school.identityId} +student`));
  expect(out + JSON.stringify(all)).not.toMatch(/zyx|ACCOUNT|subject/i);
  expect(await disclosures()).toEqual([]);
});

test('what the other side calls an account is shown when asked for, and put on record', async () => {
  await tryToSignIn(sso, school);
  const [session] = await sessions('--identifiers', '--reason', 'Ticket 4711');
  expect(session.subject).toBe(personal.subject);
  expect((await hub(['session', 'list', ...at, '--identifiers'])).out).toMatch(/ACCOUNT\n.* zyx-subject\n/);
  const of = [`session:${session.sessionId}`];
  expect(await disclosures()).toMatchObject([
    { after: { shown: ['identifiers'], of }, reason: 'Ticket 4711' },
    { after: { of }, reason: null },
  ]);
});

test('sessions are ended one by one, by person and by connection, and that is put on record', async () => {
  for (const subject of ['a', 'b', 'b', 'c', 'd']) await tryToSignIn(sso, school, { subject });
  const other = await addSchool();
  await tryToSignIn(sso, other);
  const [newest, , ofB] = await sessions();
  const end = async (...words: string[]) => (await hub(['session', 'revoke', ...at, ...words])).out;
  expect(await end('--session', newest.sessionId)).toBe('1 session has ended.\n');
  expect(await end('--person', ofB.personId, '--reason', 'Device lost')).toBe('2 sessions have ended.\n');
  expect(await sessions()).toHaveLength(2);
  expect(await end('--connection', school.identityId)).toBe('2 sessions have ended.\n');
  expect(await end('--connection', school.identityId)).toBe('0 sessions have ended.\n');
  expect((await done('session', 'list', '--tenant', other.slug)).sessions).toHaveLength(1);
  const { rows } = await superuser.query(
    `select e.subject, v.after, v.reason from audit_event e join audit_value v using (tenant_id, sequence)
     where e.tenant_id = $1 and action = 'session.revoked' order by sequence limit 2`,
    [school.tenantId],
  );
  expect(rows).toEqual([
    { subject: `session:${newest.sessionId}`, after: { ended: 1 }, reason: null },
    { subject: `person:${ofB.personId}`, after: { ended: 2 }, reason: 'Device lost' },
  ]);
});

test('sessions and connections of another tenant are not there', async () => {
  const other = await addSchool();
  await tryToSignIn(sso, other);
  const [theirs] = (await done('session', 'list', '--tenant', other.slug)).sessions;
  for (const [words, complaint] of [
    [['session', 'revoke', '--session', theirs.sessionId], 'no open session'],
    [['session', 'revoke', '--session', unknownId], 'no open session'],
    [['session', 'revoke', '--connection', other.identityId], 'no identity connection'],
    [['session', 'list', '--connection', other.identityId], 'no identity connection'],
    [['sign-in', 'list', '--connection', other.identityId], 'no identity connection'],
  ] as const) {
    const said = await hub([...words, ...at]);
    expect(said).toMatchObject({ exitCode: 1, err: expect.stringContaining(complaint) });
  }
  expect(await hub(['session', 'revoke', '--person', theirs.personId, ...at])).toMatchObject({
    out: '0 sessions have ended.\n',
  });
  expect((await done('session', 'list', '--tenant', other.slug)).sessions).toEqual([theirs]);
});

test('tries to sign in are listed, and explained by their reference in words for each reader', async () => {
  await tryToSignIn(sso, school);
  const { reference } = await tryToSignIn(sso, school, { refusedFor: 'account_disabled' });
  await tryToSignIn(sso, school, { isTest: true });
  const { signIns } = await done('sign-in', 'list', ...at);
  expect(
    signIns.map(({ outcome, reason, isTest }: Record<string, unknown>) => [outcome, reason, isTest]),
  ).toEqual([
    ['suppressed', null, true],
    ['user_error', 'account_disabled', false],
    ['success', null, false],
  ]);
  const [last] = (await done('sign-in', 'list', ...at, '--before', signIns[1].signInId)).signIns;
  expect(last).toEqual(signIns[2]);
  const { out } = await hub(['sign-in', 'list', ...at]);
  expect(out).toMatch(new RegExp(`${reference} .*user_error +account_disabled`));
  const shown = await hub(['sign-in', 'show', reference.toLowerCase().replace('-', ' '), ...at]);
  expect(shown.out).toMatch(/FAILED +account_disabled/);
  expect(shown.out).toMatch(/What to do: .*\nFor the help desk: .*\nWhose turn it is: the institution\./);
  expect(out + shown.out).not.toMatch(/zyx/i);
  const [explained] = (await done('sign-in', 'show', reference, ...at)).signIns;
  expect(explained.explanation).toMatchObject({ code: 'account_disabled', turn: 'school' });
  const good = await hub(['sign-in', 'show', signIns[2].reference, ...at]);
  expect(good.out).toContain('Nothing has to be mended.');
  const other = await addSchool();
  expect(await hub(['sign-in', 'show', reference, '--tenant', other.slug])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('No sign-in of this tenant has the reference'),
  });
});

test('a reason that this version does not know is shown by its code', async () => {
  const { reference } = await tryToSignIn(sso, school, { refusedFor: 'account_disabled' });
  await superuser.query(`update sign_in set reason = 'of_tomorrow' where reference = $1`, [reference]);
  const { out } = await hub(['sign-in', 'show', reference, ...at]);
  expect(out).toContain('Nothing more is known about the reason of_tomorrow.');
});

test.each([
  [['session', 'revoke'], '--session or --person or --connection has to be given'],
  [['session', 'revoke', '--session', unknownId, '--person', unknownId], 'one of them only'],
  [['session', 'revoke', '--session', 'x'], '--session must be an id'],
  [['session', 'list', '--person', 'ada'], '--person must be an id'],
  [['session', 'list', '--limit', '501'], '--limit must be from 1 to 500'],
  [['session', 'end'], 'There is no command "session end"'],
  [['sign-in', 'show', 'K7QF-2M9'], '<reference> must be eight letters and digits'],
  [['sign-in', 'show'], 'reference'],
  [['sign-in', 'list', '--connection', 'x'], '--connection must be an id'],
  [['sign-in', 'list', '--before', 'x'], '--before must be an id'],
  [['sign-in', 'list', '--limit', '0'], '--limit must be from 1 to 500'],
])('%j is refused before anything is opened', async (words, complaint) => {
  const said = await hub([...words, '--tenant', 'north']);
  expect(said).toMatchObject({ exitCode: 2, opened: 0 });
  expect(said.err).toContain(complaint);
});
