import { randomBytes } from 'node:crypto';
import type { VerifiedClaims } from '../verify.ts';
import type { GradePlace, Score } from './service.ts';

/** Someone at work on a link that has a line item. */
export interface Activity {
  place: GradePlace;
  title: string;
  userId: string;
  name: string;
  /** Learners hand in; everyone else sees what came of it. */
  isLearner: boolean;
  /** Unix milliseconds. */
  expiresAt: number;
}

/** A score that was sent, and what the platform said. */
export interface Sent extends Score {
  name: string;
  status: number;
  text: string;
}

export interface Activities {
  /** Opens the page of a launch. @returns its path; undefined when the launch named no line item */
  open(claims: VerifiedClaims, now: number): string | undefined;
  find(key: string, now: number): Activity | undefined;
  /** A time for a score of this person on this line item: later than that of every score before. AGS 2.0 §3.4.9 */
  nextMoment(activity: Activity, now: number): string;
  addSent(activity: Activity, sent: Sent): void;
  /** What was sent for the line item, the newest first. */
  sentFor(activity: Activity): readonly Sent[];
  /** The name that a launch told of a person. */
  nameOf(userId: string): string | undefined;
}

const lifetime = 2 * 60 * 60 * 1000;
const longestList = 50;
const claim = 'https://purl.imsglobal.org/spec/lti/claim/';
const endpoint = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';

/** Activities in memory. The key in the path is the session: a frame may be kept from having cookies. */
export function createActivities(): Activities {
  const open = new Map<string, Activity>();
  const sent = new Map<string, Sent[]>();
  const moments = new Map<string, number>();
  const names = new Map<string, string>();

  return {
    open(claims, now) {
      const activity = readActivity(claims, now + lifetime);
      if (activity === undefined) return undefined;
      for (const [key, { expiresAt }] of open) {
        if (expiresAt > now) break;
        open.delete(key);
      }
      names.set(activity.userId, activity.name);
      const key = randomBytes(24).toString('base64url');
      open.set(key, activity);
      return `/activity/${key}`;
    },
    find(key, now) {
      const activity = open.get(key);
      return activity && activity.expiresAt > now ? activity : undefined;
    },
    nextMoment({ place, userId }, now) {
      const key = `${userId} ${place.lineItem}`;
      const moment = Math.max(now, (moments.get(key) ?? 0) + 1);
      moments.set(key, moment);
      return new Date(moment).toISOString();
    },
    addSent({ place }, entry) {
      sent.set(place.lineItem, [entry, ...(sent.get(place.lineItem) ?? [])].slice(0, longestList));
    },
    sentFor: ({ place }) => sent.get(place.lineItem) ?? [],
    nameOf: (userId) => names.get(userId),
  };
}

function readActivity(claims: VerifiedClaims, expiresAt: number): Activity | undefined {
  const { lineitem, scope } = (claims[endpoint] ?? {}) as { lineitem?: unknown; scope?: unknown };
  if (typeof lineitem !== 'string' || !Array.isArray(scope)) return undefined;
  const roles = (claims[`${claim}roles`] as string[] | undefined) ?? [];
  const { title } = (claims[`${claim}resource_link`] ?? {}) as { title?: unknown };
  return {
    place: { lineItem: lineitem, scopes: scope.map(String) },
    title: typeof title === 'string' && title !== '' ? title : 'Activity',
    userId: String(claims.sub),
    name: typeof claims.name === 'string' ? claims.name : 'Someone without a name',
    isLearner: roles.some((role) => /(^|#)Learner$/.test(role)),
    expiresAt,
  };
}
