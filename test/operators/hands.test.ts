import { expect, test } from 'vitest';
import { couldBeOne, decideBehind, handedMs, unknownHand, type WayIn } from '../../src/operators/hands.ts';

const now = Date.UTC(2026, 10, 21);
const nobody = { by: [], at: null };
const owner = { by: ['operator:owner'], at: new Date(now) };
const wayIn: WayIn = { beganBy: 'password', account: nobody, way: nobody, link: [] };

test('whoever handed out a way in could sit there for a week, and no longer', () => {
  expect(decideBehind({ ...wayIn, account: owner }, now + handedMs - 1)).toEqual(['operator:owner']);
  expect(decideBehind({ ...wayIn, account: owner }, now + handedMs)).toEqual([]);
  expect(decideBehind({ ...wayIn, beganBy: 'school', way: owner }, now)).toEqual(['operator:owner']);
  expect(decideBehind(wayIn, now)).toEqual([]);
});

test('a set-up link is its maker’s as long as its session lasts; whom the company vouches for is nobody else', () => {
  const link = ['operator:owner'];
  expect(decideBehind({ ...wayIn, beganBy: 'link', link }, now + 2 * handedMs)).toEqual(link);
  expect(decideBehind({ ...wayIn, beganBy: 'company', account: owner }, now)).toEqual([]);
});

test('two acts could be one person’s where anybody had a hand in both', () => {
  const [admin, colleague] = [{ actor: 'admin', behind: ['owner'] }, { actor: 'colleague' }];
  expect(couldBeOne(admin, { actor: 'owner' })).toBe(true);
  expect(couldBeOne(admin, { actor: 'api-token', behind: ['owner'] })).toBe(true);
  expect(couldBeOne(admin, { actor: 'other', behind: ['owner'] })).toBe(true);
  expect(couldBeOne(admin, admin)).toBe(true);
  expect(couldBeOne(admin, colleague)).toBe(false);
});

test('who had a hand in it and is known to nobody any more could be anybody', () => {
  const ofOldToken = { actor: 'admin', behind: ['api-token:old', unknownHand] };
  expect(couldBeOne(ofOldToken, { actor: 'other' })).toBe(true);
  expect(couldBeOne({ actor: 'other' }, ofOldToken)).toBe(true);
});
