import { expect, test } from 'vitest';
import { en } from '../../../../src/console/i18n/en/en.ts';
import { es } from '../../../../src/console/i18n/es/es.ts';
import { createFormats } from '../../../../src/console/i18n/formats.ts';
import { createTranslate } from '../../../../src/console/i18n/translate.ts';
import { type Check, sayTodo } from '../../../../src/console/pages/readiness/todo.ts';
import { decideConnection, decideHub, decideInstitution } from '../../../../src/health/readiness/decide.ts';
import type { ConnectionFacts, PlanFacts } from '../../../../src/health/readiness/facts.ts';

const now = Date.UTC(2026, 7, 1);
const day = 86_400_000;
const languages = {
  en: { text: createTranslate('en', en), ...createFormats('en') },
  es: { text: createTranslate('es', es), ...createFormats('es') },
};
const facts = (given: Partial<ConnectionFacts>): ConnectionFacts => ({
  ...{ connectionId: 'c', kind: 'roster', partner: 'csv', endings: [], undatedSecrets: [] },
  ...{ lastProbe: undefined, lastSuccess: undefined, usesGrades: true, lastGrade: undefined },
  ...{
    gradesNotedAt: undefined,
    plan: undefined,
    lastYear: undefined,
    heldRuns: 0,
    openIncidents: 0,
    ...given,
  },
});
const plan = (given: Partial<PlanFacts> = {}): PlanFacts => ({
  ...{
    at: now - day,
    isHeld: false,
    present: 1_000,
    created: 10,
    removed: 400,
    sizes: { users: 10 },
    ...given,
  },
});
const ending = { thing: 'certificate', notAfter: now + day, nextNotAfter: undefined };
const lastYear = plan({ removed: 10, sizes: { users: 1_000 } });
const situations: Partial<ConnectionFacts>[] = [
  { endings: [ending], heldRuns: 2, openIncidents: 1 },
  { undatedSecrets: ['clientSecret'], lastProbe: { outcome: 'failed_partner', reason: 'tls', at: now } },
  { plan: plan(), lastYear, lastSuccess: now - 30 * day },
  { plan: plan({ isHeld: true }) },
  { plan: plan({ at: now - 60 * day }) },
  { kind: 'lms' },
  { kind: 'lms', lastGrade: now - 30 * day },
];
const load = (at: number | undefined, amount: number) =>
  decideHub({ loadTest: at === undefined ? undefined : { at, amount }, forecast: 1_000 }, now);

/** Whatever the hub may ask for. */
const all = [
  ...situations.flatMap((given) => decideConnection(facts(given), now + 90 * day, now)),
  ...[undefined, now - 90 * day].flatMap((at) => decideInstitution(at, now)),
  ...[load(undefined, 0), load(now, 1), load(now - 400 * day, 9_000)].flat(),
].filter(({ todo }) => todo !== null) as Check[];

test('whatever the hub asks for is said in every language, with its particulars', () => {
  expect(all.length).toBeGreaterThan(15);
  for (const check of all) {
    const [english, spanish] = [sayTodo(languages.en, check), sayTodo(languages.es, check)];
    expect(english).not.toMatch(/\{\{|todo\./);
    expect(spanish).not.toMatch(/\{\{|todo\./);
    expect(spanish, `${check.check} ${check.state}`).not.toBe(check.todo);
  }
  const dryRun = all.find(({ check, facts: told }) => check === 'dry_run' && 'removed' in told);
  expect(sayTodo(languages.en, dryRun!)).toContain('removes 40%');
});

test('what this page knows no words for is told in the hub’s own; what needs nothing is not told', () => {
  const check = { ...all[0]!, check: 'new_check' as Check['check'], todo: 'Do something new.' };
  expect(sayTodo(languages.es, check)).toBe('Do something new.');
  expect(sayTodo(languages.en, { ...check, todo: null })).toBeNull();
});
