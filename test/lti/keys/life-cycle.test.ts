import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isPublic,
  type KeyEvent,
  type KeyFacts,
  type KeyState,
  type KeyTiming,
  planKeyLifeCycle,
  planMissingKey,
  planRevocation,
  planRotation,
  transition,
} from '../../../src/lti/keys/life-cycle.ts';

const timing: KeyTiming = { publishForMs: 10, overlapMs: 20, signForMs: 100 };
const key = (kid: string, state: KeyState, changedAt = 0): KeyFacts => ({ kid, state, changedAt });
const nothing = { changes: [], create: undefined };

const allowed: [KeyState, KeyEvent, KeyState][] = [
  ['published', 'promote', 'signing'],
  ['published', 'revoke', 'revoked'],
  ['signing', 'retire', 'retired'],
  ['signing', 'revoke', 'revoked'],
  ['retired', 'revoke', 'revoked'],
];

test.each(allowed)('a %s key takes "%s" and is then %s', (state, event, next) => {
  expect(transition(state, event)).toBe(next);
});

test('every other event is refused', () => {
  for (const state of ['published', 'signing', 'retired', 'revoked'] as const) {
    for (const event of ['promote', 'retire', 'revoke'] as const) {
      if (allowed.some(([from, with_]) => from === state && with_ === event)) continue;
      expect(() => transition(state, event), `${state} ${event}`).toThrow(`A ${state} signing key`);
    }
  }
});

test('published and signing keys are public, revoked ones are not', () => {
  expect(isPublic(key('a', 'published'), 1_000, timing)).toBe(true);
  expect(isPublic(key('a', 'signing'), 1_000, timing)).toBe(true);
  expect(isPublic(key('a', 'revoked', 1_000), 1_000, timing)).toBe(false);
});

test('a retired key is public until the overlap ends', () => {
  expect(isPublic(key('a', 'retired', 100), 119, timing)).toBe(true);
  expect(isPublic(key('a', 'retired', 100), 120, timing)).toBe(false);
});

test('without any key, one is made that signs at once', () => {
  expect(planMissingKey([])).toEqual({ changes: [], create: 'signing' });
  expect(planMissingKey([key('a', 'signing')])).toEqual(nothing);
});

test('a published key is promoted when its time has come, not before', () => {
  const keys = [key('a', 'signing'), key('b', 'published', 50)];
  expect(planKeyLifeCycle(keys, 59, timing)).toEqual(nothing);
  expect(planKeyLifeCycle(keys, 60, timing)).toEqual({
    changes: [
      { kid: 'a', event: 'retire' },
      { kid: 'b', event: 'promote' },
    ],
    create: undefined,
  });
});

test('an old signing key gets a successor, which is published first', () => {
  expect(planKeyLifeCycle([key('a', 'signing')], 99, timing)).toEqual(nothing);
  expect(planKeyLifeCycle([key('a', 'signing')], 100, timing)).toEqual({ changes: [], create: 'published' });
});

test('a rotation publishes one next key, however often it is asked for', () => {
  expect(planRotation([key('a', 'signing')], { immediately: false })).toEqual({
    changes: [],
    create: 'published',
  });
  expect(planRotation([key('a', 'signing'), key('b', 'published')], { immediately: false })).toEqual(nothing);
});

test('an immediate rotation takes the published key where there is one', () => {
  const changes = [{ kid: 'a', event: 'retire' }];
  expect(planRotation([key('a', 'signing')], { immediately: true })).toEqual({ changes, create: 'signing' });
  expect(planRotation([key('a', 'signing'), key('b', 'published')], { immediately: true })).toEqual({
    changes: [...changes, { kid: 'b', event: 'promote' }],
    create: undefined,
  });
});

test('revoking the signing key replaces it in the same step', () => {
  expect(planRevocation([key('a', 'signing')], 'a')).toEqual({
    changes: [{ kid: 'a', event: 'revoke' }],
    create: 'signing',
  });
});

test('revoking a key that does not sign creates nothing, and revoking twice changes nothing', () => {
  const keys = [key('a', 'signing'), key('b', 'retired'), key('c', 'revoked')];
  expect(planRevocation(keys, 'b')).toEqual({ changes: [{ kid: 'b', event: 'revoke' }], create: undefined });
  expect(planRevocation(keys, 'c')).toEqual(nothing);
});

test('revoking an unknown key is refused', () => {
  expect(() => planRevocation([key('a', 'signing')], 'z')).toThrow('no signing key with this kid');
});

test('whatever happens in whatever order, exactly one key signs and it is public', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('wait' as const), ms: fc.nat({ max: 150 }) }),
    fc.record({ kind: fc.constant('advance' as const) }),
    fc.record({ kind: fc.constant('rotate' as const), immediately: fc.boolean() }),
    fc.record({ kind: fc.constant('revoke' as const), index: fc.nat({ max: 9 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let now = 0;
      let made = 0;
      let keys: KeyFacts[] = [];
      const carryOut = ({ changes, create }: ReturnType<typeof planMissingKey>) => {
        for (const { kid, event } of changes) {
          keys = keys.map((one) => (one.kid === kid ? key(kid, transition(one.state, event), now) : one));
          expect(keys.filter((one) => one.state === 'signing').length).toBeLessThanOrEqual(1);
        }
        if (create !== undefined) keys = [...keys, key(`k${made++}`, create, now)];
      };
      carryOut(planMissingKey(keys));
      for (const step of steps) {
        if (step.kind === 'wait') now += step.ms;
        if (step.kind === 'advance') carryOut(planKeyLifeCycle(keys, now, timing));
        if (step.kind === 'rotate') carryOut(planRotation(keys, step));
        if (step.kind === 'revoke') carryOut(planRevocation(keys, keys[step.index % keys.length]!.kid));
        const signing = keys.filter((one) => one.state === 'signing');
        expect(signing).toHaveLength(1);
        expect(isPublic(signing[0]!, now, timing)).toBe(true);
      }
    }),
  );
});
