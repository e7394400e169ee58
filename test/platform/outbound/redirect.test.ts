import { describe, expect, test } from 'vitest';
import { type Hop, planRedirect } from '../../../src/platform/outbound/redirect.ts';

const hop: Hop = {
  url: new URL('https://lms.example/jwks'),
  method: 'GET',
  headers: { accept: 'application/json', authorization: 'Bearer token', cookie: 'a=b', 'x-api-key': 'key' },
  body: undefined,
};

describe('planRedirect', () => {
  test.each([200, 204, 300, 304, 404])('status %d is no redirect', (status) => {
    expect(planRedirect(hop, { status, location: '/x' }, 1)).toEqual({ kind: 'none' });
  });

  test.each([301, 302, 303, 307, 308])('status %d is followed when asked for', (status) => {
    expect(planRedirect(hop, { status, location: '/x' }, 1)).toMatchObject({
      kind: 'follow',
      target: 'https://lms.example/x',
    });
  });

  test.each([
    ['not asked for', hop, '/x', 0, 'not_allowed'],
    ['of a POST', { ...hop, method: 'POST' }, '/x', 1, 'unsafe_method'],
    ['without a place to go', hop, undefined, 1, 'bad_location'],
    ['to an impossible place', hop, 'https://', 1, 'bad_location'],
    ['from https to http', hop, 'http://lms.example/x', 1, 'downgrade'],
  ])('one %s is refused', (_case, from, location, left, reason) => {
    expect(planRedirect(from, { status: 302, location }, left)).toEqual({ kind: 'refuse', reason });
  });

  test('the same origin gets the same headers', () => {
    expect(planRedirect(hop, { status: 302, location: '/x' }, 1)).toMatchObject({ headers: hop.headers });
  });

  test.each(['https://other.example/', 'https://lms.example:8443/', 'https://sub.lms.example/'])(
    'another origin (%s) gets no credential of the first',
    (location) => {
      expect(planRedirect(hop, { status: 302, location }, 1)).toMatchObject({
        headers: { accept: 'application/json' },
      });
      const plan = planRedirect(hop, { status: 302, location }, 1);
      expect(plan.kind === 'follow' && Object.keys(plan.headers)).toEqual(['accept']);
    },
  );
});
