import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';

const given = {
  OPERATOR_OIDC_ISSUER: 'https://id.company.example',
  OPERATOR_OIDC_CLIENT_ID: 'hub',
  OPERATOR_OIDC_CLIENT_SECRET: 'not for anybody',
};

test('without settings there is no company’s sign-in', () => {
  expect(readConfig({ environment: {} })).toMatchObject({ operatorOidc: undefined, hubName: 'Gatehouse' });
});

test('groups are given roles, also those whose names hold an equals sign', () => {
  const roles = 'staff=viewer, cn=admins,cn=hub owners=owner';
  const { operatorOidc } = readConfig({
    environment: { ...given, OPERATOR_OIDC_ROLES: 'staff=viewer, cn=hub owners=owner' },
  });
  expect(operatorOidc).toMatchObject({
    claim: 'groups',
    roles: { staff: 'viewer', 'cn=hub owners': 'owner' },
  });
  expect(JSON.stringify(operatorOidc)).not.toContain('not for anybody');
  expect(() => readConfig({ environment: { ...given, OPERATOR_OIDC_ROLES: roles } })).toThrow(
    'gives one of: viewer',
  );
});

test('a part of what belongs together is refused', () => {
  const { OPERATOR_OIDC_CLIENT_SECRET: _none, ...rest } = given;
  expect(() => readConfig({ environment: rest })).toThrow('set all three, or none');
});
