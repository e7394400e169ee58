import { expect, test } from 'vitest';
import { mapRow } from '../../../connectors/oneroster-rest/map.ts';
import { mapRoles } from '../../../connectors/oneroster-rest/map-roles.ts';
import { createNotes } from '../../../connectors/oneroster-rest/notes.ts';
import { type Entity, sourcedIdPattern } from '../../../contracts/roster.ts';
import { createDistrict } from '../../../src/demo/sis/district.ts';
import { rowsOf } from '../../../src/demo/sis/oneroster/shelves.ts';
import { districtSizes } from '../../../src/demo/sis/sizes.ts';
import { startRest } from './reading-rest.ts';

const ref = (sourcedId: string, type = 'org') => ({
  href: `https://sis.example/${type}s/${sourcedId}`,
  sourcedId,
  type,
});

function map(entity: Exclude<Entity, 'roles'>, member: object, version: '1.1' | '1.2' = '1.2') {
  const notes = createNotes('part');
  const row = mapRow(entity, version, { sourcedId: 'x', ...member }, notes);
  return { row, values: row?.values, codes: notes.take().map(({ code, column }) => [code, column]) };
}

function roles(version: '1.1' | '1.2', member: object, types: Record<string, string> = {}) {
  const notes = createNotes('part');
  const rows = mapRoles(version, { sourcedId: 'u', ...member }, (org) => types[org], notes);
  return { rows, codes: notes.take().map(({ code }) => code) };
}

test('a user of 1.2: words for booleans, first names as given names, references by their sourcedId', () => {
  const member = {
    status: 'active',
    dateLastModified: '2026-01-02T03:04:05.006Z',
    enabledUser: 'true',
    username: 'ada',
    givenName: 'Ada',
    preferredFirstName: 'A.',
    preferredMiddleName: 'B.',
    preferredLastName: 'L.',
    userIds: [
      { type: 'LDAP', identifier: 'ada@x' },
      { type: 'SIS', identifier: 7 },
    ],
    agents: [ref('p1', 'user'), ref('p2', 'user')],
    grades: ['09', 10],
    primaryOrg: ref('s1'),
    password: 'not for us',
    metadata: { 'vendor.flag': true },
    middleName: null,
    email: '',
  };
  const { row, values, codes } = map('users', member);
  expect(row).toMatchObject({
    sourcedId: 'x',
    status: 'active',
    dateLastModified: '2026-01-02T03:04:05.006Z',
  });
  expect(row?.metadata).toEqual({ 'vendor.flag': true });
  expect(values).toEqual({
    enabledUser: 'true',
    username: 'ada',
    givenName: 'Ada',
    preferredGivenName: 'A.',
    preferredMiddleName: 'B.',
    preferredFamilyName: 'L.',
    userIds: '{LDAP:ada@x},{SIS:7}',
    agentSourcedIds: 'p1,p2',
    grades: '09,10',
    primaryOrgSourcedId: 's1',
  });
  expect(codes).toEqual([]);
});

test('a boolean in place of its word is read as well', () => {
  expect(map('users', { enabledUser: false }).values).toEqual({ enabledUser: 'false' });
  expect(map('enrollments', { primary: true }).values).toEqual({ primary: 'true' });
});

test('a user of 1.1 has a primary org where there is one org only', () => {
  expect(map('users', { orgs: [ref('s1')] }, '1.1').values).toEqual({ primaryOrgSourcedId: 's1' });
  expect(map('users', { orgs: [ref('s1'), ref('s2')] }, '1.1').values?.primaryOrgSourcedId).toBeUndefined();
});

test('rows of every entity have the columns of the model', () => {
  expect(map('orgs', { name: 'N', type: 'school', parent: ref('d'), children: [ref('c')] }).values).toEqual({
    name: 'N',
    type: 'school',
    parentSourcedId: 'd',
  });
  expect(map('academicSessions', { schoolYear: 2027, parent: null }).values).toEqual({ schoolYear: '2027' });
  expect(map('courses', { schoolYear: ref('y'), org: ref('o'), subjects: ['Art', 'Music'] }).values).toEqual({
    schoolYearSourcedId: 'y',
    orgSourcedId: 'o',
    subjects: 'Art,Music',
  });
  expect(
    map('classes', { course: ref('c'), school: ref('s'), terms: [ref('t1'), ref('t2')], periods: ['1'] })
      .values,
  ).toEqual({
    courseSourcedId: 'c',
    schoolSourcedId: 's',
    termSourcedIds: 't1,t2',
    periods: '1',
  });
  expect(map('demographics', { birthdate: '2011-01-02', asian: 'false' }, '1.1').values).toEqual({
    birthDate: '2011-01-02',
    asian: 'false',
  });
  expect(
    map(
      'lineItems',
      { assignDate: '2026-09-01T00:00:00.000Z', gradingPeriod: ref('g'), resultValueMax: 10.5 },
      '1.1',
    ).values,
  ).toEqual({ assignDate: '2026-09-01', academicSessionSourcedId: 'g', resultValueMax: '10.5' });
  expect(map('results', { lineItem: ref('l'), student: ref('u'), score: 0, late: 'true' }).values).toEqual({
    lineItemSourcedId: 'l',
    studentSourcedId: 'u',
    score: '0',
    late: 'true',
  });
});

test('what is of another kind than it should be is left out, and told by its column alone', () => {
  const { values, codes } = map('classes', {
    title: { text: 'T' },
    course: { href: 'x' },
    terms: ref('t'),
    grades: '9,10',
  });
  expect(values).toEqual({ termSourcedIds: 't', grades: '9,10' });
  expect(codes).toEqual([
    ['value_type_wrong', 'title'],
    ['reference_without_id', 'courseSourcedId'],
  ]);
  expect(map('courses', { subjects: ['History, World'] }).codes).toEqual([['comma_in_list', 'subjects']]);
});

test('rows without a sourcedId, or with none of the standard, are findings', () => {
  expect(map('orgs', { sourcedId: undefined })).toMatchObject({
    row: undefined,
    codes: [['sourced_id_missing', 'sourcedId']],
  });
  expect(map('orgs', { sourcedId: 'a b' })).toMatchObject({
    row: undefined,
    codes: [['sourced_id_invalid', 'sourcedId']],
  });
  expect(map('orgs', { sourcedId: 17 }).row?.sourcedId).toBe('17');
});

test('roles of 1.2 get sourcedIds that stay the same, and differ from each other', () => {
  const held = [
    { roleType: 'primary', role: 'teacher', org: ref('s1'), beginDate: '2026-08-01' },
    { roleType: 'secondary', role: 'aide', org: ref('s1') },
    { roleType: 'primary', role: 'teacher', org: ref('s2') },
    { roleType: 'secondary', role: 'teacher', org: ref('s2') },
  ];
  const first = roles('1.2', { roles: held });
  expect(
    first.rows.map(({ values }) => [values.userSourcedId, values.roleType, values.role, values.orgSourcedId]),
  ).toEqual([
    ['u', 'primary', 'teacher', 's1'],
    ['u', 'secondary', 'aide', 's1'],
    ['u', 'primary', 'teacher', 's2'],
    ['u', 'secondary', 'teacher', 's2'],
  ]);
  const ids = first.rows.map(({ sourcedId }) => sourcedId);
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) expect(id).toMatch(sourcedIdPattern);
  expect(roles('1.2', { roles: held.toReversed() }).rows.map(({ sourcedId }) => sourcedId)).toEqual(
    expect.arrayContaining(ids),
  );
});

test('a user without a role is told, unless the user is gone', () => {
  expect(roles('1.2', { roles: [] }).codes).toEqual(['user_without_role']);
  expect(roles('1.2', { status: 'tobedeleted' }).codes).toEqual([]);
  expect(roles('1.1', { orgs: [ref('s')] }).codes).toEqual(['user_without_role']);
  expect(roles('1.1', { role: 'student', orgs: [] }).codes).toEqual(['role_without_org']);
});

test('an administrator of 1.1 is one of the org, by its type; in doubt the one that may do least', () => {
  const held = { role: 'administrator', orgs: [ref('d'), ref('s'), ref('other')] };
  const { rows, codes } = roles('1.1', held, { d: 'district', s: 'school', other: 'department' });
  expect(rows.map(({ values }) => values.role)).toEqual([
    'districtAdministrator',
    'siteAdministrator',
    'siteAdministrator',
  ]);
  expect(codes).toEqual(['administrator_doubtful']);
});

test('findings of a page are told once for each kind, with their number and first place', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({
    sourcedId: index % 3 === 1 ? `bad id ${index}` : `org-${String(index).padStart(2, '0')}`,
    values: { name: 'N', type: 'school' },
  }));
  const { read } = await startRest({ source: rowsOf({ orgs: rows }) });
  const { ids, findings, seal } = await read('orgs', { settings: { pageSize: 100 } });
  expect(ids).toHaveLength(20);
  expect(findings).toEqual([
    expect.objectContaining({
      code: 'sourced_id_invalid',
      severity: 'error',
      column: 'sourcedId',
      line: 0,
      count: 10,
    }),
  ]);
  // What was not taken is told; of what was, nothing is missing.
  expect(seal?.expected).toBe(20);
});

test('a whole district comes through as it was, in either version', async () => {
  const district = createDistrict({ seed: 7, size: districtSizes.tiny });
  for (const version of ['1.1', '1.2'] as const) {
    const { read, sis } = await startRest({ source: district }, version);
    for (const entity of [
      'orgs',
      'academicSessions',
      'courses',
      'classes',
      'enrollments',
      'demographics',
    ] as const) {
      const { rows, codes } = await read(entity);
      const wanted = [...district.rows(entity)].toSorted((a, b) => (a.sourcedId < b.sourcedId ? -1 : 1));
      expect(
        rows.map(({ metadata: _, ...row }) => row),
        entity,
      ).toEqual(wanted.map(clean));
      expect(codes).toEqual([]);
    }
    const users = await read('users');
    expect(users.ids.toSorted()).toEqual(
      [...district.rows('users')].map(({ sourcedId }) => sourcedId).toSorted(),
    );
    expect(JSON.stringify(users)).not.toContain('password');
    const roles = await read('roles');
    const key = ({ values }: { values: object }) => {
      const { userSourcedId, orgSourcedId, role } = values as Record<string, string>;
      return [
        userSourcedId,
        orgSourcedId,
        version === '1.1' && role === 'principal' ? 'siteAdministrator' : role,
      ].join();
    };
    expect(roles.rows.map(key).toSorted()).toEqual([...district.rows('roles')].map(key).toSorted());
    // The types of orgs are asked for once, where an administrator of 1.1 needs them.
    expect(sis.calls.some((call) => call.includes('fields='))).toBe(true);
  }
});

/** Members of lists may not be empty. */
function clean({
  sourcedId,
  status,
  dateLastModified,
  values,
}: {
  sourcedId: string;
  status?: string | undefined;
  dateLastModified?: string | undefined;
  values: object;
}) {
  return { sourcedId, status, dateLastModified, values };
}
