import { expect, test } from 'vitest';
import { columnsOf, headColumns } from '../../../connectors/oneroster-csv/binding.ts';
import { planHeader } from '../../../connectors/oneroster-csv/header-plan.ts';
import { headers } from './packages.ts';

const users = headers.users12.split(',');
const plan = (names: readonly string[], version: '1.1' | '1.2' = '1.2') => {
  const { findings, ...rest } = planHeader(names, { entity: 'users', version, mode: 'bulk' });
  return {
    ...rest,
    findings: findings.map(({ code, column }) => (column === undefined ? code : `${code}#${column}`)),
  };
};
const replace = (from: string, to: string) => users.map((name) => (name === from ? to : name));

test('the columns are those of the bindings', () => {
  const of = (entity: Parameters<typeof columnsOf>[0], version: '1.1' | '1.2') =>
    [...headColumns, ...columnsOf(entity, version)].join();
  expect(of('users', '1.1')).toBe(headers.users11);
  expect(of('users', '1.2').replace(',resourceSourcedIds', '')).toBe(headers.users12);
  expect(of('enrollments', '1.1')).toBe(headers.enrollments);
  expect(of('classes', '1.2')).toBe(headers.classes);
  expect(of('courses', '1.2')).toBe(headers.courses);
  expect(of('academicSessions', '1.1')).toBe(headers.academicSessions);
  expect(of('roles', '1.2')).toBe(headers.roles);
  expect(of('lineItems', '1.1')).toBe(headers.lineItems11);
  expect(of('results', '1.1')).toBe(headers.results11);
});

test('a header as the binding has it is nothing to tell of', () => {
  expect(plan(users)).toMatchObject({ isUsable: true, findings: [], passwords: [15] });
  expect(plan(headers.users11.split(','), '1.1').findings).toEqual([]);
});

test('misspelled columns are taken for the only one they can mean', () => {
  const cases: [string, string][] = [
    ['preferredGivenName', 'prefferedGivenName'],
    ['preferredGivenName', 'preferredFirstName'],
    ['givenName', 'given_name'],
    ['givenName', 'GIVENNAME'],
    ['familyName', 'Last Name'],
    ['enabledUser', 'enabeldUser'],
    ['email', 'e-mail'],
    ['sourcedId', 'sourceId'],
  ];
  for (const [column, written] of cases) {
    const { columns, findings } = plan(replace(column, written));
    expect(columns).toContain(column);
    expect(findings).toEqual([`column_misspelled#${written}`]);
  }
});

test('a name that may mean two columns means none', () => {
  const names = users.filter((name) => name !== 'sms' && name !== 'email');
  expect(plan([...names, 'contact']).findings).toEqual([
    'column_unknown#contact',
    'column_missing#email',
    'column_missing#sms',
  ]);
});

test('columns in another order stay with their values', () => {
  const names = [...users.slice(0, 3), ...users.slice(3).reverse()];
  const { columns, findings, isUsable } = plan(names);
  expect({ findings, isUsable }).toEqual({ findings: ['column_order'], isUsable: true });
  expect(columns).toEqual(names.filter((name) => name !== 'password'));
});

test('metadata columns have to stand last', () => {
  expect(plan([...users, 'metadata.a']).findings).toEqual([]);
  expect(plan(['metadata.a', ...users]).findings).toEqual(['column_order']);
});

test('of a column that is there twice the first counts', () => {
  const { columns, findings, keep } = plan([...users, 'email']);
  expect(findings).toEqual(['column_duplicate#email']);
  expect(columns.filter((name) => name === 'email')).toHaveLength(1);
  expect(keep.at(-1)).toBe(0);
});

test('unknown columns are left out', () => {
  const { columns, findings } = plan([...users, 'shoeSize']);
  expect(findings).toEqual(['column_unknown#shoeSize']);
  expect(columns).not.toContain('shoeSize');
});

test('a missing column is told; one that rows need makes the file unusable', () => {
  expect(plan(users.filter((name) => name !== 'phone'))).toMatchObject({
    isUsable: true,
    findings: ['column_missing#phone'],
  });
  for (const name of ['sourcedId', 'givenName', 'username']) {
    expect(plan(users.filter((each) => each !== name))).toMatchObject({
      isUsable: false,
      findings: [`required_column_missing#${name}`],
    });
  }
});

test('a file without a header is told without naming what stands there', () => {
  expect(plan(['u1', '', '', 'true', 'ann', 'Ann'])).toMatchObject({
    isUsable: false,
    findings: ['header_missing'],
  });
});

test('columns of the other version are taken where the model has them', () => {
  const older = headers.users11.split(',');
  const { columns, findings } = plan([...older, 'pronouns'], '1.1');
  expect(columns).toContain('pronouns');
  expect(findings).toEqual(['column_of_other_version#pronouns']);
  expect(plan([...users, 'role']).columns).not.toContain('role');
});
