import { expect, test } from 'vitest';
import { readPairs } from '../../../../src/console/pages/tools/pairs.ts';
import {
  actionOf,
  countReleased,
  diffRules,
  type Rules,
  withRule,
} from '../../../../src/console/pages/tools/policy-draft.ts';

const rules: Rules = {
  launch: { 'person.name': 'allow', 'person.email': 'hash' },
  roster: { sourcedId: 'allow' },
};

test('what a policy does not name is dropped', () => {
  expect(actionOf(rules, 'grades', 'person.name')).toBe('drop');
  expect(actionOf(rules, 'launch', 'person.email')).toBe('hash');
});

test('a draft changes one field of one purpose, and leaves the policy in force as it is', () => {
  const draft = withRule(rules, 'grades', 'person.name', 'allow');
  expect(draft).toEqual({ ...rules, grades: { 'person.name': 'allow' } });
  expect(rules.grades).toBeUndefined();
});

test('a field that is dropped again makes no difference to a policy that never named it', () => {
  const draft = withRule(withRule(rules, 'grades', 'person.name', 'allow'), 'grades', 'person.name', 'drop');
  expect(diffRules(rules, draft)).toEqual([]);
});

test('the difference names purpose, field, and both actions, also of fields that are taken out', () => {
  const after = withRule(withRule(rules, 'launch', 'person.name', 'drop'), 'api', 'person.name', 'hash');
  expect(diffRules(rules, after)).toEqual([
    { purpose: 'api', field: 'person.name', from: 'drop', to: 'hash' },
    { purpose: 'launch', field: 'person.name', from: 'allow', to: 'drop' },
  ]);
});

test('what is released as a code counts as released', () => {
  expect(countReleased({ ...rules, api: { 'person.name': 'drop' } })).toBe(3);
});

test('a custom parameter may have the sign of its name in its value, or no value', () => {
  expect(readPairs(['level=a=b', 'empty', ' term = autumn '])).toEqual({
    level: 'a=b',
    empty: '',
    term: 'autumn',
  });
});
