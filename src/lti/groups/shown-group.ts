import { createHmac } from 'node:crypto';
import { defined } from '../../platform/defined.ts';
import type { PolicyRules } from '../../privacy/policy.ts';
import { type ReleaseKeySource, release } from '../../privacy/release.ts';
import type { LmsGroup } from '../lms/groups.ts';

/** How groups are shown to one tool. */
export interface GroupRelease {
  rules: PolicyRules;
  key: ReleaseKeySource;
  contextId: string;
}

/**
 * The tool's own id of a group or a set: the same at every call, another one at another tool, and nothing of the LMS's can be
 * told from it.
 */
export function groupIdFor({ key, contextId }: GroupRelease, kind: 'group' | 'set', lmsId: string): string {
  return createHmac('sha256', key())
    .update(`${kind}\0${contextId}\0${lmsId}`)
    .digest('base64url')
    .slice(0, 22);
}

/** A group for a tool. Its name and its tag are words about a part of the course, and go where the course's own may go. */
export function showGroup(shown: GroupRelease, group: LmsGroup): Record<string, unknown> & { id: string } {
  return {
    ...defined({
      name: nameOf(shown, group),
      tag: releasedText(shown, group.tag),
      set_id: group.setId === undefined ? undefined : groupIdFor(shown, 'set', group.setId),
      hidden: group.isHidden ? true : undefined,
    }),
    id: groupIdFor(shown, 'group', group.id),
  };
}

/** A set of groups for a tool. */
export function showSet(shown: GroupRelease, set: LmsGroup): Record<string, unknown> & { id: string } {
  return { ...defined({ name: nameOf(shown, set) }), id: groupIdFor(shown, 'set', set.id) };
}

/** Required by the service (LTI Course Groups Service 1.0), so that a name that may not go is told by the id. */
function nameOf(shown: GroupRelease, { id, name }: LmsGroup): string {
  return releasedText(shown, name) ?? groupIdFor(shown, 'group', id).slice(0, 6);
}

/** What teachers write of a group, as far as the course's own name may go. */
function releasedText({ rules, key }: GroupRelease, words: string | undefined): string | undefined {
  return release(rules, 'roster', { 'context.title': words }, key)['context.title'];
}
