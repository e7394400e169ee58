import type { ConnectionId, LineItemId, PersonId, ToolId } from '../../contracts/ids.ts';

/** What of a person is moved to another, by ids alone. */
export interface Moved {
  links: { connectionId: ConnectionId; subject: string }[];
  /** Tools that have known the absorbed person only: they go on using the name they know. */
  tools: ToolId[];
  /** Tools that have known both: the absorbed person's name is accepted still, and not given out any more. */
  retired: ToolId[];
  /** Names retired by earlier merges into the absorbed person. */
  aliases: { toolId: ToolId; personId: PersonId }[];
  /** Line items on which the absorbed person has scores. */
  lines: LineItemId[];
  /** Line items at the same LMSs on which the kept person has had scores before. */
  ownLines: LineItemId[];
  /** Persons whom earlier merges have led to the absorbed one. */
  merged: PersonId[];
}

/** Two persons as they stand, before they become one. */
export interface MergeSnapshot {
  kept: PersonSide | undefined;
  absorbed: PersonSide | undefined;
  aliases: Moved['aliases'];
  /** The absorbed person's, and those of the kept one at the same LMSs. */
  lines: Line[];
  keptLines: Line[];
  merged: PersonId[];
}

/** Scores of one person on a line item; held while one of them is being sent. */
export interface Line {
  lineItemId: LineItemId;
  isHeld: boolean;
}

export interface PersonSide {
  mergedInto: PersonId | null;
  links: { connectionId: ConnectionId; kind: string; subject: string }[];
  tools: ToolId[];
}

export const mergeConflicts = {
  person_unknown: 'This tenant has no such person.',
  same_person: 'Both sides are the same person already.',
  person_merged:
    'One of the two has been merged into another person. Merge that one, or undo the merge first.',
  same_lms:
    'One LMS knows both as different people, so scores could reach the wrong account. Close one of the accounts there, or dismiss the item.',
  tools_know_both:
    'Tools know both, each by a name of its own. If they may know them by the kept person’s name from now on, say so; what was done under the other name stays under it at the tool.',
  grades_of_both:
    'Both have scores on one line item. They cannot be told apart again, so they are not merged.',
  grades_being_sent: 'A score of the person is being sent at this moment. Try again in a minute.',
} as const;
export type MergeConflict = keyof typeof mergeConflicts;

export type MergePlan = { moved: Moved } | { conflict: MergeConflict; tools?: ToolId[] };

/** What has to move so that two persons are one, or why they cannot be. */
export function planMerge(snapshot: MergeSnapshot, options: { retireNames: boolean }): MergePlan {
  const { kept, absorbed, lines } = snapshot;
  if (kept === undefined || absorbed === undefined) return { conflict: 'person_unknown' };
  if (kept.mergedInto !== null || absorbed.mergedInto !== null) return { conflict: 'person_merged' };
  const lmss = new Set(
    kept.links.filter(({ kind }) => kind === 'lms').map(({ connectionId }) => connectionId),
  );
  if (absorbed.links.some(({ connectionId }) => lmss.has(connectionId))) return { conflict: 'same_lms' };
  const retired = absorbed.tools.filter((toolId) => kept.tools.includes(toolId));
  if (retired.length > 0 && !options.retireNames) return { conflict: 'tools_know_both', tools: retired };
  const ownLines = snapshot.keptLines.map(({ lineItemId }) => lineItemId);
  if (lines.some(({ lineItemId }) => ownLines.includes(lineItemId))) return { conflict: 'grades_of_both' };
  if (lines.some(({ isHeld }) => isHeld)) return { conflict: 'grades_being_sent' };
  return {
    moved: {
      links: absorbed.links.map(({ connectionId, subject }) => ({ connectionId, subject })),
      tools: absorbed.tools.filter((toolId) => !kept.tools.includes(toolId)),
      retired,
      aliases: snapshot.aliases,
      lines: lines.map(({ lineItemId }) => lineItemId),
      ownLines,
      merged: snapshot.merged,
    },
  };
}

/** A merge that is to be undone, and what stands of it. */
export interface UnmergeSnapshot {
  isUndone: boolean;
  keptMergedInto: PersonId | null;
  /** A later merge into the same person. */
  hasLater: boolean;
  /** Of what was moved, what is where the merge has put it. */
  present: { links: number; tools: number; retired: number };
  moved: Moved;
  /** All of the kept person at the LMSs of the links that were moved. */
  lines: Line[];
}

export const unmergeConflicts = {
  merge_unknown: 'This tenant has no such merge.',
  merge_undone: 'The merge was undone already.',
  merge_not_last:
    'The kept person was merged again since. Undo the later merges first: people merges shows them.',
  merge_overtaken:
    'Links or names that were moved have been removed or moved on since, so the two cannot be put back as they were.',
  grades_being_sent: mergeConflicts.grades_being_sent,
} as const;
export type UnmergeConflict = keyof typeof unmergeConflicts;

export type UnmergePlan = { lines: LineItemId[] } | { conflict: UnmergeConflict };

/** Whether a merge can be undone exactly. */
export function planUnmerge(snapshot: UnmergeSnapshot): UnmergePlan {
  const { moved, present } = snapshot;
  // Scores that came since are of whom the LMS knows: a merge is refused where it knows both.
  const lines = snapshot.lines.filter(({ lineItemId }) => !moved.ownLines.includes(lineItemId));
  if (snapshot.isUndone) return { conflict: 'merge_undone' };
  if (snapshot.keptMergedInto !== null || snapshot.hasLater) return { conflict: 'merge_not_last' };
  const isWhole =
    present.links === moved.links.length &&
    present.tools === moved.tools.length &&
    present.retired === moved.retired.length;
  if (!isWhole) return { conflict: 'merge_overtaken' };
  if (lines.some(({ isHeld }) => isHeld)) return { conflict: 'grades_being_sent' };
  return { lines: lines.map(({ lineItemId }) => lineItemId) };
}
