import { type ScoreBody, serialMember } from '../lms/score-body.ts';
import type { Random } from '../random.ts';

type Points = Pick<ScoreBody, 'scoreGiven' | 'scoreMaximum'>;

/** Makes the scores of one place, each newer than the one before. */
export interface ScorePlan {
  next(): { body: ScoreBody; serial: number };
}

/**
 * @param nextSerial numbers of all places together
 * @param from Unix milliseconds before the first score
 */
export function createScorePlan(
  userId: string,
  nextSerial: () => number,
  random: Random,
  from: number,
): ScorePlan {
  let at = from;
  let points = makePoints(0, random);
  return {
    next: () => {
      // Often several within one second: LMSs that look at whole seconds must not lose the later ones.
      at += random.chance(0.7) ? random.whole(1, 400) : random.whole(400, 5_000);
      const serial = nextSerial();
      // The same points again, as when a partial grade becomes the final one, or only the comment changes.
      if (random.chance(0.7)) points = makePoints(serial, random);
      return { serial, body: makeBody(userId, serial, at, points, random) };
    },
  };
}

function makeBody(userId: string, serial: number, at: number, points: Points, random: Random): ScoreBody {
  const isFinal = random.chance(0.85);
  return {
    userId,
    ...points,
    // An absent comment clears the one before (AGS 2.0 §3.4.10).
    ...(random.chance(0.5) && { comment: `Try ${serial}` }),
    activityProgress: isFinal ? 'Completed' : 'InProgress',
    gradingProgress: isFinal ? 'FullyGraded' : 'Pending',
    timestamp: new Date(at).toISOString(),
    ...(random.chance(0.05) && { submission: { submittedAt: new Date(at - 60_000).toISOString() } }),
    [serialMember]: serial,
  };
}

/** Mostly points, now and then nought, more than the maximum, null, or none at all. */
function makePoints(serial: number, random: Random): Points {
  const kind = random.next();
  if (kind < 0.04) return { scoreGiven: 0, scoreMaximum: 100 };
  if (kind < 0.07) return { scoreGiven: null, scoreMaximum: 100 };
  if (kind < 0.09) return {};
  if (kind < 0.13) return { scoreGiven: 100 + (serial % 50), scoreMaximum: 100 };
  return { scoreGiven: (serial % 997) / 10, scoreMaximum: 100 };
}
