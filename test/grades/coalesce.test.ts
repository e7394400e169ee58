import { describe, expect, test } from 'vitest';
import type { DeliveryId } from '../../contracts/ids.ts';
import { type PendingDelivery, planSend } from '../../src/grades/coalesce.ts';
import type { KeptScore } from '../../src/grades/score.ts';

function waiting(...scores: Partial<KeptScore>[]): PendingDelivery[] {
  return scores.map((members, index) => ({
    deliveryId: String(index) as DeliveryId,
    attempts: 0,
    at: new Date(index),
    score: {
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      timestamp: new Date(index).toISOString(),
      ...members,
    },
  }));
}

const plan = (...scores: Partial<KeptScore>[]) => {
  const planned = planSend(waiting(...scores));
  return (
    planned && { send: planned.send.deliveryId, replaces: planned.replaces.map((each) => each.deliveryId) }
  );
};

describe('of scores that wait', () => {
  test('none gives no plan', () => {
    expect(plan()).toBeUndefined();
  });

  test('the newest is sent for all that tell the same', () => {
    expect(plan({ scoreGiven: 1 }, { scoreGiven: 2 }, { scoreGiven: null })).toEqual({
      send: '2',
      replaces: ['0', '1'],
    });
  });

  test('an older one goes first where activity or grading has moved on', () => {
    expect(plan({ activityProgress: 'Started' }, {})).toEqual({ send: '0', replaces: [] });
    expect(plan({}, { gradingProgress: 'Pending' }, { gradingProgress: 'Pending' })).toEqual({
      send: '0',
      replaces: [],
    });
  });

  test.each(['submission', 'https://canvas.instructure.com/lti/submission'])(
    'one that speaks of a submission (%s) neither takes a place nor gives up its own',
    (member) => {
      expect(plan({ [member]: {} }, {})).toEqual({ send: '0', replaces: [] });
      expect(plan({}, { [member]: {} })).toEqual({ send: '0', replaces: [] });
    },
  );
});
