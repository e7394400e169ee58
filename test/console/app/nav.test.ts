import { expect, test } from 'vitest';
import { scopesOf } from '../../../contracts/http/roles.ts';
import { decideVisible, hubNav, institutionNav } from '../../../src/console/app/nav.ts';

const seenBy = (role: Parameters<typeof scopesOf>[0][number]) => {
  const scopes = scopesOf([role]);
  const items = [...hubNav.flatMap((group) => group.items), ...institutionNav];
  return decideVisible(items, (scope) => scopes.includes(scope)).map(({ to }) => to);
};

test('the menu shows what a role may read, and no more', () => {
  expect(seenBy('owner')).toContain('/institutions/$slug/grades');
  expect(seenBy('viewer')).not.toContain('/institutions/$slug/grades');
  expect(seenBy('viewer')).toContain('/health');
});
