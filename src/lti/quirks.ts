import type { LmsFamily } from './reasons.ts';

/** How one LMS family differs from the specification in ways that code must know, each with its reason. */
export interface Quirks {
  /** Keeps browser data only for a frame that announced itself by `org.sakailms.lti.prelaunch`. */
  prelaunch: boolean;
  /** Sends the course's id as resource_link.id from module and SpeedGrader launches. */
  resourceLinkMayEqualContext: boolean;
  /** Signs launches whose target_link_uri claim differs from the login's value. */
  targetMayDiffer: boolean;
}

const none: Quirks = { prelaunch: false, resourceLinkMayEqualContext: false, targetMayDiffer: false };

const families: Record<LmsFamily, Quirks> = {
  canvas: { ...none, resourceLinkMayEqualContext: true },
  // Its "secure tool URL" is signed where the login named the plain one.
  moodle: { ...none, targetMayDiffer: true },
  blackboard: none,
  brightspace: none,
  schoology: none,
  sakai: { ...none, prelaunch: true },
  generic: none,
};

/** The differences of a family. */
export function quirksOf(family: LmsFamily): Quirks {
  return families[family];
}
