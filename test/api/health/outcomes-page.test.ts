import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exchangeKinds, outcomes } from '../../../contracts/health.ts';
import { reasonsOf } from '../../../src/api/health/dictionary.ts';
import { writeOutcomesPage } from '../../../src/api/health/outcomes-page.ts';

test('docs/outcomes.md is what the code says; after a change, "npm run outcomes" writes it', () => {
  const file = new URL('../../../docs/outcomes.md', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(writeOutcomesPage());
});

test.each(exchangeKinds)('a reason of %s has one outcome, and something that explains it', (kind) => {
  const reasons = reasonsOf[kind]();
  const byCode = Map.groupBy(reasons, ({ code, by = '' }) => `${code} ${by}`);
  for (const [code, meanings] of byCode) {
    expect(new Set(meanings.map(({ outcome }) => outcome)).size, code).toBe(1);
    for (const { outcome, about } of meanings) {
      expect(outcomes, code).toContain(outcome);
      expect(about.length, code).toBeGreaterThan(10);
    }
  }
});
