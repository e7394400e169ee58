import { expect, test } from 'vitest';
import {
  type AuditEvent,
  type AuditValues,
  emptyChain,
  hashValues,
  linkEvent,
  verifyChain,
} from '../../src/audit/chain.ts';

const tenantId = '01900000-0000-7000-8000-000000000001';

/** A chain of three events and its values. */
function makeChain() {
  const events: AuditEvent[] = [];
  const values = new Map<number, AuditValues>();
  for (const sequence of [1, 2, 3]) {
    const own = { salt: Buffer.alloc(16, sequence), reason: 'why', before: { n: sequence }, after: null };
    const facts = {
      tenantId,
      sequence,
      at: sequence,
      actor: 'command:a',
      action: 'thing.changed',
      subject: 's',
    };
    events.push(linkEvent(facts, hashValues(own), events.at(-1)?.hash ?? emptyChain.hash));
    values.set(sequence, own);
  }
  return { events, values };
}

test('a chain as written is whole', () => {
  const { events, values } = makeChain();
  expect(verifyChain(events, values)).toEqual({
    ok: true,
    head: { sequence: 3, hash: events[2]!.hash },
    erased: 0,
  });
});

test('an empty chain is whole', () => {
  expect(verifyChain([])).toEqual({ ok: true, head: emptyChain, erased: 0 });
});

test('erased values leave the chain whole and are counted', () => {
  const { events, values } = makeChain();
  values.delete(2);
  expect(verifyChain(events, values)).toMatchObject({ ok: true, erased: 1 });
});

const other = Buffer.alloc(32, 9);
test.each<[keyof AuditEvent, AuditEvent[keyof AuditEvent], string]>([
  ['tenantId', '01900000-0000-7000-8000-000000000002', 'other_tenant'],
  ['sequence', 7, 'sequence_gap'],
  ['at', 99, 'event_changed'],
  ['actor', 'command:b', 'event_changed'],
  ['action', 'thing.removed', 'event_changed'],
  ['subject', 't', 'event_changed'],
  ['valueHash', other, 'event_changed'],
  ['previousHash', other, 'previous_hash_differs'],
  ['hash', other, 'event_changed'],
])('a changed %s is found', (field, value, problem) => {
  const { events, values } = makeChain();
  events[1] = { ...events[1]!, [field]: value };
  expect(verifyChain(events, values)).toMatchObject({ ok: false, problem });
});

test.each<[keyof AuditValues, AuditValues[keyof AuditValues]]>([
  ['salt', Buffer.alloc(16, 9)],
  ['reason', 'other'],
  ['before', { n: 3 }],
  ['after', { n: 2 }],
  ['origin', '192.0.2.0/24'],
])('a changed %s is found', (field, value) => {
  const { events, values } = makeChain();
  values.set(2, { ...values.get(2)!, [field]: value });
  expect(verifyChain(events, values)).toEqual({ ok: false, sequence: 2, problem: 'values_changed' });
});

test('an event taken out, put in twice or moved is found', () => {
  const [a, b, c] = makeChain().events as [AuditEvent, AuditEvent, AuditEvent];
  for (const events of [
    [a, c],
    [b, c],
    [a, a, b, c],
    [a, c, b],
  ]) {
    expect(verifyChain(events).ok).toBe(false);
  }
});

test('an event linked anew breaks the chain after it', () => {
  const { events } = makeChain();
  const forged = { ...events[1]!, actor: 'command:b' };
  events[1] = linkEvent(forged, forged.valueHash, forged.previousHash);
  expect(verifyChain(events)).toEqual({ ok: false, sequence: 3, problem: 'previous_hash_differs' });
});

test('letters moved from one field to the next change the hash', () => {
  const facts = { tenantId, sequence: 1, at: 0, actor: 'ab', action: 'c', subject: 's' };
  const a = linkEvent(facts, other, other);
  const b = linkEvent({ ...facts, actor: 'a', action: 'bc' }, other, other);
  expect(a.hash.equals(b.hash)).toBe(false);
});
