import { expect, test } from 'vitest';
import { planLaterTimestamp, planTimestamp } from '../../../src/lti/lms/score-timestamp.ts';

const at = (text: string) => new Date(`2026-03-01T08:15:${text}Z`);
const own = '2026-03-01T08:15:30.250+00:00';
const now = at('59').getTime();

test.each([
  ['the first score', undefined],
  ['a score of a later second', at('29.999')],
])('%s goes out with its own timestamp, as the tool spelled it', (_case, lastSentAt) => {
  expect(planTimestamp(own, lastSentAt, now)).toEqual({ kind: 'send', text: own, replaced: undefined });
});

test.each([
  ['30.000', '31.000'],
  ['30.100', '31.000'],
  ['30.999', '31.000'],
  // One sent before has been pushed on already.
  ['31.000', '32.000'],
  ['45.500', '46.000'],
])('after one of second %s it goes out as %s, and says so', (last, sent) => {
  const replaced = at(sent);
  expect(planTimestamp(own, at(last), now)).toEqual({
    kind: 'send',
    text: replaced.toISOString(),
    replaced,
  });
});

test('a timestamp yet to come is waited for, and sent once it has come', () => {
  const until = at('31.000');
  expect(planTimestamp(own, at('30.100'), until.getTime() - 1)).toEqual({ kind: 'wait', until });
  expect(planTimestamp(own, at('30.100'), until.getTime())).toMatchObject({ kind: 'send', replaced: until });
});

test('a timestamp that lies further ahead than a minute is not waited for: the tool’s clock does, too', () => {
  const last = at('30.100');
  const hourAgo = last.getTime() - 3_600_000;
  const sent = { kind: 'send', text: '2026-03-01T08:15:31.000Z', replaced: at('31.000') };
  expect(planTimestamp(own, last, hourAgo)).toEqual(sent);
  expect(planLaterTimestamp(own, 1, hourAgo)).toEqual(sent);
});

test('after doubt a score goes out a second later than the try', () => {
  expect(planLaterTimestamp(own, 1, now)).toEqual({
    kind: 'send',
    text: '2026-03-01T08:15:31.000Z',
    replaced: at('31.000'),
  });
  expect(planLaterTimestamp(own, 1, at('30.900').getTime())).toEqual({ kind: 'wait', until: at('31.000') });
});

test('a zone other than UTC counts', () => {
  expect(planTimestamp('2026-03-01T13:45:30.250+05:30', at('30.000'), now)).toMatchObject({
    replaced: at('31.000'),
  });
});
