import { expect, test } from 'vitest';
import type { OperatorId, TenantId } from '../../contracts/ids.ts';
import { type CompanyPerson, decideCompany } from '../../src/operators/company/decide-company.ts';
import type { Operator } from '../../src/operators/operator.ts';

const person: CompanyPerson = {
  subject: 's',
  name: 'Ada',
  email: 'ada@company.example',
  isProved: true,
  groups: ['staff'],
};
const operator: Operator = {
  ...{ tenantId: 't' as TenantId, operatorId: 'o' as OperatorId, name: 'Ada', email: 'ada@company.example' },
  ...{ roles: ['viewer'], status: 'active', hasPassword: true, isLinked: false, secondFactor: false },
  ...{ createdAt: new Date(0), lastSignInAt: null },
};
const nobody = { known: undefined, byEmail: undefined, isInvited: false };

test('an address that the provider has not proved leads to no account and takes no invitation', () => {
  const unproved = { ...person, isProved: false };
  for (const found of [
    { ...nobody, byEmail: operator },
    { ...nobody, isInvited: true },
  ]) {
    expect(decideCompany(unproved, {}, found)).toEqual({ kind: 'refuse', code: 'company_unknown' });
    expect(decideCompany(person, {}, found).kind).not.toBe('refuse');
  }
});

test('who is tied to the provider’s subject comes in whatever the address is by now', () => {
  const moved = { ...person, email: undefined, isProved: false };
  const found = { ...nobody, known: operator };
  expect(decideCompany(moved, {}, found)).toMatchObject({ kind: 'let_in', link: false, roles: undefined });
});

test('where groups are mapped, nobody without a mapped group comes in, invited or not', () => {
  const found = { known: operator, byEmail: operator, isInvited: true };
  expect(decideCompany(person, { others: 'owner' }, found)).toMatchObject({ code: 'company_no_role' });
  expect(decideCompany(person, { staff: 'manager' }, found)).toMatchObject({
    kind: 'let_in',
    roles: ['manager'],
  });
  expect(decideCompany(person, { staff: 'manager' }, nobody)).toMatchObject({
    kind: 'add',
    roles: ['manager'],
  });
  const strange = { ...person, groups: ['constructor', '__proto__'] };
  expect(decideCompany(strange, { staff: 'manager' }, nobody)).toMatchObject({ kind: 'refuse' });
});
