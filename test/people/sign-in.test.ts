import { expect, test } from 'vitest';
import { newId, type PersonId } from '../../contracts/ids.ts';
import { agreements, type MatchFacts } from '../../src/people/match.ts';
import { decideSignIn, explainSignIn, type SignInSnapshot, signInKey } from '../../src/people/sign-in.ts';

const one = newId<PersonId>();
const other = newId<PersonId>();
const facts = (changes: Partial<MatchFacts> = {}): MatchFacts => ({
  ...{ found: 'field', link: 'none', hits: 'one', taken: false, dismissed: false },
  ...{ given: 'unknown', family: 'unknown', email: 'unknown', birth: 'unknown', kind: 'unknown' },
  ...changes,
});
const snapshot = (changes: Partial<SignInSnapshot> = {}): SignInSnapshot => ({
  ...{ known: undefined, candidates: [], allowsNew: false },
  ...changes,
});
const known = { personId: other, isElsewhere: true, isInReview: false };
const matching = [{ personId: one, facts: facts() }];

test.each<[string, Partial<SignInSnapshot>, object]>([
  ['the link comes first', { known, candidates: matching }, { do: 'enter', personId: other }],
  ['the one roster person with the field is next', { candidates: matching }, { do: 'join', personId: one }],
  [
    'e-mail alone asks somebody, also where new people are let in',
    { candidates: [{ personId: one, facts: facts({ found: 'email', email: 'agrees' }) }], allowsNew: true },
    { do: 'create', doubts: [{ personId: one, reason: 'email_only', agree: ['email'], differ: [] }] },
  ],
  [
    'two with the field ask somebody, and nobody is let in before',
    {
      candidates: [one, other].map((personId) => ({ personId, facts: facts({ hits: 'several' }) })),
    },
    { do: 'wait', doubts: [{ reason: 'several_hits' }, { reason: 'several_hits' }] },
  ],
  [
    'a second account of one person at a connection asks somebody',
    { candidates: [{ personId: one, facts: facts({ taken: true }) }] },
    { do: 'wait', doubts: [{ reason: 'same_connection' }] },
  ],
  ['nobody found is let in only where that is allowed', { allowsNew: true }, { do: 'create', doubts: [] }],
  ['and else is not', {}, { do: 'refuse', outcome: 'unknown' }],
  [
    'who is known by the link alone is let in as long as new people are',
    { known: { ...known, isElsewhere: false }, allowsNew: true },
    { do: 'enter' },
  ],
  [
    'and afterwards is not',
    { known: { ...known, isElsewhere: false } },
    { do: 'refuse', outcome: 'unknown' },
  ],
  [
    'nor while somebody has to decide',
    { known: { ...known, isElsewhere: false, isInReview: true } },
    { do: 'refuse', outcome: 'review' },
  ],
])('%s', (_rule, changes, expected) => {
  expect(decideSignIn(snapshot(changes))).toMatchObject(expected);
});

test('whatever agrees: nobody is joined by e-mail, nor under another name altogether, nor where several were found', () => {
  for (const found of ['field', 'email'] as const) {
    for (const hits of ['one', 'several'] as const) {
      for (const given of agreements) {
        for (const family of agreements) {
          for (const email of agreements) {
            for (const taken of [true, false]) {
              const each = facts({ found, hits, given, family, email, taken });
              const decision = decideSignIn(snapshot({ candidates: [{ personId: one, facts: each }] }));
              const mayJoin =
                found === 'field' &&
                hits === 'one' &&
                !taken &&
                !(given === 'differs' && family === 'differs');
              expect(decision.do === 'join').toBe(mayJoin);
            }
          }
        }
      }
    }
  }
});

test('issuer and subject make one key, and neither can be taken for a part of the other', () => {
  const key = signInKey({ issuer: 'https://idp.example', subject: 'x' });
  expect(key).toMatch(/^sha256:[\w-]{43}$/);
  expect(key).toBe(signInKey({ issuer: 'https://idp.example', subject: 'x' }));
  const others = [
    { issuer: 'https://idp.example', subject: 'X' },
    { issuer: 'https://idp.exampl', subject: 'ex' },
    { issuer: 'https://idp.example","x', subject: '' },
    { issuer: 'https://idp.example', subject: 'x'.repeat(1_000) },
  ];
  expect(new Set([key, ...others.map(signInKey)]).size).toBe(5);
});

test('each decision is told in words that say why', () => {
  const about = { column: 'identifier', matchValue: '100', name: 'Ada Byron' };
  const tell = (changes: Partial<SignInSnapshot>, more = {}) =>
    explainSignIn(decideSignIn(snapshot(changes)), { ...about, ...more });
  expect(tell({ known })).toBe('The account is linked already, to Ada Byron.');
  expect(tell({ candidates: matching })).toContain('Exactly one person in the roster has this “identifier”');
  expect(tell({})).toContain('Nobody in the roster is found by “identifier”.');
  expect(tell({}, { matchValue: undefined })).toContain('sends nothing that is compared');
  expect(tell({ allowsNew: true }, { column: undefined })).toBe(
    'The institution has chosen no field by which people are matched. A person without a role is made.',
  );
  expect(tell({ candidates: [{ personId: one, facts: facts({ taken: true }) }] })).toContain(
    'somebody has to decide (same_connection)',
  );
});
