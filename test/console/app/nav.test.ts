import { expect, test } from 'vitest';
import { operatorRoles, scopesOf } from '../../../contracts/http/roles.ts';
import { decideGroups, hubNav, institutionNav } from '../../../src/console/app/nav.ts';

const groupsOf = (role: Parameters<typeof scopesOf>[0][number]) => {
  const scopes = scopesOf([role]);
  return decideGroups<string>([...hubNav, ...institutionNav], (scope) => scopes.includes(scope));
};
const seenBy = (role: Parameters<typeof scopesOf>[0][number]) =>
  groupsOf(role).flatMap(({ items }) => items.map(({ to }) => to));

test('the menu shows what a role may read, and no more', () => {
  expect(seenBy('owner')).toContain('/institutions/$slug/grades');
  expect(seenBy('viewer')).not.toContain('/institutions/$slug/grades');
  expect(seenBy('viewer')).toContain('/health');
});

test('no group is empty for anybody', () => {
  for (const role of operatorRoles) {
    expect(groupsOf(role).filter(({ items }) => items.length === 0)).toEqual([]);
  }
});
