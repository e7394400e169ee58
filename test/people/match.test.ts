import { expect, test } from 'vitest';
import {
  agreements,
  comparedFields,
  decideMatch,
  explainFacts,
  foundBy,
  linkStates,
  type MatchFacts,
  namesThatJoin,
  readFacts,
} from '../../src/people/match.ts';

const facts = (changes: Partial<MatchFacts> = {}): MatchFacts => ({
  found: 'field',
  link: 'none',
  hits: 'one',
  taken: false,
  dismissed: false,
  given: 'unknown',
  family: 'unknown',
  email: 'unknown',
  birth: 'unknown',
  kind: 'unknown',
  ...changes,
});

/** Every combination of facts there is. */
const all = Object.entries({
  ...{
    found: foundBy,
    link: linkStates,
    hits: ['one', 'several'],
    taken: [true, false],
    dismissed: [true, false],
  },
  ...Object.fromEntries(comparedFields.map((field) => [field, agreements])),
}).reduce<object[]>((some, [field, values]) => vary(field, values, some), [{}]) as MatchFacts[];

function vary(field: string, values: readonly unknown[], some: readonly object[]): object[] {
  return some.flatMap((one) => values.map((value) => ({ ...one, [field]: value })));
}

const join = { do: 'join' };
const stay = (review?: string) => ({ do: 'stay', review });

test.each<[string, Partial<MatchFacts>, object]>([
  ['the one person with the same identifier is the user', {}, join],
  [
    'also where all that is known of them agrees',
    { given: 'agrees', family: 'agrees', birth: 'agrees', kind: 'agrees' },
    join,
  ],
  ['a user who is nothing else moves there', { link: 'alone' }, join],
  ['a family name may change', { given: 'agrees', family: 'differs' }, join],
  ['a given name may be spelt otherwise', { given: 'differs', family: 'agrees' }, join],
  ['an e-mail address may change', { email: 'differs' }, join],
  [
    'another name altogether is another person',
    { given: 'differs', family: 'differs' },
    stay('recycled_identifier'),
  ],
  ['and so is another birth date', { given: 'agrees', birth: 'differs' }, stay('recycled_identifier')],
  ['two hits are for somebody to decide', { hits: 'several' }, stay('several_hits')],
  ['two users of one roster are not one person by themselves', { taken: true }, stay('same_connection')],
  ['a student and an adult share no identifier', { kind: 'differs' }, stay('student_and_adult')],
  ['two with lives of their own are joined by a person only', { link: 'shared' }, stay('both_known')],
  ['two whom somebody has left as they are stay so', { dismissed: true }, stay()],
  ['and are shown again for another reason only', { dismissed: true, hits: 'several' }, stay('several_hits')],
  ['e-mail alone never joins', { found: 'email', email: 'agrees' }, stay('email_only')],
  [
    'e-mail and name never join',
    { found: 'email', email: 'agrees', given: 'agrees', family: 'agrees' },
    stay('email_only'),
  ],
  ['who is linked stays so', { found: 'link', link: 'alone', given: 'agrees' }, stay()],
  ['a name that changed in part is none of our business', { found: 'link', given: 'differs' }, stay()],
  [
    'a link under another name altogether may be somebody else',
    { found: 'link', link: 'shared', given: 'differs', family: 'differs' },
    stay('recycled_sourced_id'),
  ],
])('%s', (_rule, changes, expected) => {
  expect(decideMatch(facts(changes))).toEqual(expected);
});

test('whatever else is known: only the tenant’s field joins, one hit, not taken, nothing against it', () => {
  for (const each of all.filter((one) => decideMatch(one).do === 'join')) {
    expect(each).toMatchObject({ found: 'field', hits: 'one', taken: false, dismissed: false });
    expect(each.link).not.toBe('shared');
    expect(each.kind).not.toBe('differs');
    expect(each.birth).not.toBe('differs');
    expect([each.given, each.family]).not.toEqual(['differs', 'differs']);
  }
});

test('whoever was found by the field and is not joined is shown to somebody, with the reason', () => {
  const silent = all.filter((one) => {
    const match = decideMatch(one);
    return one.found === 'field' && !one.dismissed && match.do === 'stay' && match.review === undefined;
  });
  expect(silent).toEqual([]);
});

test('facts are read as they were written, and nothing else is taken for them', () => {
  for (const each of all) {
    const { found, link, hits, taken, dismissed, given, family, email, birth, kind } = each;
    const flags = [taken ? 'taken' : 'free', dismissed ? 'dismissed' : 'open'];
    const text = [found, link, hits, ...flags, given, family, email, birth, kind].join('/');
    expect(readFacts(text)).toEqual(each);
  }
  expect(() => readFacts('field/none/one/free/open/agrees')).toThrow('unknown word');
  expect(() => readFacts('guess/none/one/free/open/agrees/agrees/agrees/agrees/agrees')).toThrow(
    'unknown word',
  );
});

test('a decision is explained by names of fields', () => {
  expect(explainFacts(facts({ given: 'agrees', birth: 'differs', kind: 'agrees' }))).toEqual({
    agree: ['identifier', 'given', 'kind'],
    differ: ['birth'],
  });
  expect(explainFacts(facts({ found: 'email', email: 'agrees' }))).toEqual({ agree: ['email'], differ: [] });
  expect(explainFacts(facts({ found: 'link', given: 'differs' })).agree).toEqual(['sourcedId']);
});

test('a launch joins under any name that is not another altogether', () => {
  const every = agreements.flatMap((given) => agreements.map((family) => `${given}/${family}`));
  expect(namesThatJoin().sort()).toEqual(every.filter((names) => names !== 'differs/differs').sort());
});
