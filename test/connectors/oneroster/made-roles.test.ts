import { expect, test } from 'vitest';
import { makeRoles, primaryOrgOf, roleSourcedId } from '../../../connectors/oneroster/made-roles.ts';
import { sourcedIdPattern } from '../../../contracts/roster.ts';

const none = () => undefined;

test('the sourcedId of a made role is the same for ever', () => {
  // Written down: another formula would take every role of every 1.1 source away, and put it in again.
  expect(roleSourcedId('user-1', 'school-1', 'student')).toBe('role-41cef9d9d28ee2ad5f33df85471d6d34');
});

test('parts that could run into each other give different ids, all of them GUIDs', () => {
  const ids = [
    roleSourcedId('a', 'b', 'c'),
    roleSourcedId('a/b', 'c', ''),
    roleSourcedId('a', 'b/c', ''),
    roleSourcedId('a', 'b', 'c', 1),
    roleSourcedId('x'.repeat(255), 'y'.repeat(255), 'student'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(sourcedIdPattern);
});

test('a user of 1.1 holds the one role at each org, once, as the primary one there', () => {
  const { rows, doubt } = makeRoles(
    { sourcedId: 'u', status: 'active', role: 'teacher', orgs: ['a', 'b', 'a'] },
    none,
  );
  expect(rows.map(({ values }) => values)).toEqual([
    { userSourcedId: 'u', roleType: 'primary', role: 'teacher', orgSourcedId: 'a' },
    { userSourcedId: 'u', roleType: 'primary', role: 'teacher', orgSourcedId: 'b' },
  ]);
  expect(rows.map(({ status }) => status)).toEqual(['active', 'active']);
  expect(doubt).toBeUndefined();
});

test('an administrator keeps the sourcedId when the type of the org becomes known', () => {
  const user = { sourcedId: 'u', role: 'administrator', orgs: ['d'] };
  const unknown = makeRoles(user, none);
  const known = makeRoles(user, () => 'district');
  expect(unknown.doubt).toBe('administrator_doubtful');
  expect([unknown.rows[0]?.values.role, known.rows[0]?.values.role]).toEqual([
    'siteAdministrator',
    'districtAdministrator',
  ]);
  expect(unknown.rows[0]?.sourcedId).toBe(known.rows[0]?.sourcedId);
});

test('no role and no org make no rows; only a single org is the primary one', () => {
  expect(makeRoles({ sourcedId: 'u', role: undefined, orgs: ['a'] }, none).rows).toEqual([]);
  expect(makeRoles({ sourcedId: 'u', role: 'student', orgs: [] }, none).rows).toEqual([]);
  expect([primaryOrgOf([]), primaryOrgOf(['a']), primaryOrgOf(['a', 'b'])]).toEqual([
    undefined,
    'a',
    undefined,
  ]);
});
