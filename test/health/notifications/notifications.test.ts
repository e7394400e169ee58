import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { composePayload, composeText, type NewsFacts } from '../../../src/health/notifications/message.ts';
import { planRetry } from '../../../src/health/notifications/retry.ts';
import { newSigningSecret, signatureHeaders } from '../../../src/health/notifications/sign.ts';

test('a message is signed as the public specification’s example is', () => {
  // The example of the Standard Webhooks specification and its libraries.
  const headers = signatureHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    body: '{"test": 2432232314}',
    now: 1_614_265_330_000,
  });
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('a new secret signs, and no two are the same', () => {
  const [secret, other] = [newSigningSecret(), newSigningSecret()];
  expect(secret).not.toBe(other);
  const { 'webhook-signature': signature } = signatureHeaders(secret, { id: 'a', body: 'b', now: 1_000 });
  const key = Buffer.from(secret.slice(6), 'base64');
  expect(signature).toBe(`v1,${createHmac('sha256', key).update('a.1.b').digest('base64')}`);
});

test('tries go on for most of a day; what is final goes on no more', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7].map((tries) => planRetry(tries, false));
  expect(waits.every(({ kind }) => kind === 'again')).toBe(true);
  expect(planRetry(8, false)).toEqual({ kind: 'dead' });
  expect(planRetry(1, true)).toEqual({ kind: 'dead' });
});

test('news says what, where, since when and what to do, for people and for programs', () => {
  const facts: NewsFacts = {
    ...{
      event: 'opened',
      incidentId: 'i1',
      severity: 'page',
      cause: 'partner',
      partner: 'canvas',
      school: null,
    },
    ...{ kinds: ['launch'], rules: ['burn_fast'] },
    ...{ firstFailedAt: new Date(0), openedAt: new Date(60_000), resolvedAt: null },
  };
  expect(composeText(facts)).toContain('[page] New incident: several schools, canvas');
  expect(composeText(facts)).toContain('hub incident acknowledge i1');
  expect(composePayload(facts)).toMatchObject({
    ...{ type: 'incident.opened', timestamp: '1970-01-01T00:01:00.000Z' },
    data: { cause: 'partner', school: null, resolvedAt: null },
  });
});
