import { expect, test } from 'vitest';
import type { Entity } from '../../../contracts/roster.ts';
import { getColumn, parseOverride } from '../../../src/sync/sources/override-value.ts';

const parse = (entity: Entity, column: string, text: string | null) =>
  parseOverride(getColumn(entity, column), text);

test.each([
  ['users', 'givenName', 'Ada', 'Ada'],
  ['users', 'middleName', null, null],
  ['users', 'middleName', '', null],
  ['users', 'grades', '09, 10', ['09', '10']],
  ['users', 'enabledUser', 'false', 'false'],
  ['orgs', 'type', 'school', 'school'],
  ['orgs', 'type', 'ext:campus', 'ext:campus'],
  ['enrollments', 'beginDate', '2026-08-31', '2026-08-31'],
  ['academicSessions', 'schoolYear', '2027', '2027'],
  ['results', 'score', '-1.5', '-1.5'],
  ['classes', 'schoolSourcedId', 's1', 's1'],
  ['classes', 'termSourcedIds', 't1,, t2 ,', ['t1', 't2']],
] as const)('%s.%s takes %j', (entity, column, text, value) => {
  expect(parse(entity, column, text)).toEqual(value);
});

test.each([
  ['users', 'givenName', null, 'override_value_invalid'],
  ['users', 'givenName', 'x'.repeat(256), 'override_value_invalid'],
  ['users', 'enabledUser', 'TRUE', 'override_value_invalid'],
  ['orgs', 'type', 'campus', 'override_value_invalid'],
  ['enrollments', 'beginDate', '31.08.2026', 'override_value_invalid'],
  ['enrollments', 'beginDate', '2026-02-30', 'override_value_invalid'],
  ['academicSessions', 'schoolYear', '26', 'override_value_invalid'],
  ['results', 'score', 'ten', 'override_value_invalid'],
  ['results', 'score', '9'.repeat(256), 'override_value_invalid'],
  ['enrollments', 'beginDate', '0000-01-01', 'override_value_invalid'],
  ['classes', 'termSourcedIds', ' , ', 'override_value_invalid'],
  ['orgs', 'type', 'ext:', 'override_value_invalid'],
  ['orgs', 'type', `ext:${'x'.repeat(252)}`, 'override_value_invalid'],
  ['users', 'grades', '09,'.repeat(4_000), 'override_value_invalid'],
  ['users', 'password', 'x', 'override_column_unknown'],
  ['users', 'tenant_id', 'x', 'override_column_unknown'],
] as const)('%s.%s refuses %j', (entity, column, text, code) => {
  expect(() => parse(entity, column, text)).toThrow(expect.objectContaining({ code }));
});
