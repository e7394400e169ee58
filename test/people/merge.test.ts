import { expect, test } from 'vitest';
import {
  type ConnectionId,
  type LineItemId,
  newId,
  type PersonId,
  type ToolId,
} from '../../contracts/ids.ts';
import {
  type MergeSnapshot,
  type Moved,
  type PersonSide,
  planMerge,
  planUnmerge,
} from '../../src/people/merge.ts';

const [lms, otherLms, sis] = [newId<ConnectionId>(), newId<ConnectionId>(), newId<ConnectionId>()];
const [quiz, books, maps] = [newId<ToolId>(), newId<ToolId>(), newId<ToolId>()];
const [line, keptLine] = [newId<LineItemId>(), newId<LineItemId>()];
const shell = newId<PersonId>();

const side = (changes: Partial<PersonSide> = {}): PersonSide => ({
  ...{ mergedInto: null, links: [], tools: [] },
  ...changes,
});
const at = (connectionId: ConnectionId, kind = 'lms') => ({ connectionId, kind, subject: 's' });
const snapshot = (changes: Partial<MergeSnapshot> = {}): MergeSnapshot => ({
  kept: side({ links: [at(lms)], tools: [quiz, books] }),
  absorbed: side({ links: [at(otherLms), at(sis, 'roster')], tools: [books, maps] }),
  aliases: [],
  lines: [{ lineItemId: line, isHeld: false }],
  merged: [shell],
  keptLines: [{ lineItemId: keptLine, isHeld: false }],
  ...changes,
});
const asked = { retireNames: true };

test('links, scores and the names that one tool knows move; where a tool knows both, a name is retired', () => {
  expect(planMerge(snapshot(), asked)).toEqual({
    moved: {
      links: [
        { connectionId: otherLms, subject: 's' },
        { connectionId: sis, subject: 's' },
      ],
      tools: [maps],
      retired: [books],
      aliases: [],
      lines: [line],
      ownLines: [keptLine],
      merged: [shell],
    },
  });
});

test.each<[string, Partial<MergeSnapshot>, string]>([
  ['there is no such person', { kept: undefined }, 'person_unknown'],
  ['there is no such other person', { absorbed: undefined }, 'person_unknown'],
  ['the kept one was merged away', { kept: side({ mergedInto: shell }) }, 'person_merged'],
  ['the absorbed one was merged away', { absorbed: side({ mergedInto: shell }) }, 'person_merged'],
  ['one LMS knows both', { absorbed: side({ links: [at(lms)] }) }, 'same_lms'],
  [
    'both have scores on one line item',
    { keptLines: [{ lineItemId: line, isHeld: false }] },
    'grades_of_both',
  ],
  ['a score is being sent', { lines: [{ lineItemId: line, isHeld: true }] }, 'grades_being_sent'],
])('it is refused where %s', (_why, changes, conflict) => {
  expect(planMerge(snapshot(changes), asked)).toEqual({ conflict });
});

test('no tool is given another name unless that was asked for', () => {
  expect(planMerge(snapshot(), { retireNames: false })).toEqual({
    conflict: 'tools_know_both',
    tools: [books],
  });
  const absorbed = side({ links: [at(otherLms)], tools: [maps] });
  expect(planMerge(snapshot({ absorbed }), { retireNames: false })).toHaveProperty('moved');
});

test('two users of one roster may be one person, if somebody says so', () => {
  const both = side({ links: [at(sis, 'roster')] });
  expect(planMerge(snapshot({ kept: both, absorbed: both }), { retireNames: false })).toHaveProperty('moved');
});

const moved: Moved = {
  links: [{ connectionId: lms, subject: 's' }],
  ...{ tools: [maps], retired: [books], aliases: [], lines: [line], ownLines: [keptLine], merged: [] },
};
const whole = {
  isUndone: false,
  keptMergedInto: null,
  hasLater: false,
  present: { links: 1, tools: 1, retired: 1 },
  moved,
  lines: [{ lineItemId: line, isHeld: false }],
};

test.each([
  ['it was undone already', { isUndone: true }, 'merge_undone'],
  ['the kept person was merged on', { keptMergedInto: shell }, 'merge_not_last'],
  ['another was merged into the same since', { hasLater: true }, 'merge_not_last'],
  ['a link has gone', { present: { links: 0, tools: 1, retired: 1 } }, 'merge_overtaken'],
  ['a name has gone', { present: { links: 1, tools: 0, retired: 1 } }, 'merge_overtaken'],
  ['a retired name has gone', { present: { links: 1, tools: 1, retired: 0 } }, 'merge_overtaken'],
  ['a score is being sent', { lines: [{ lineItemId: line, isHeld: true }] }, 'grades_being_sent'],
])('it is not undone where %s', (_why, changes, conflict) => {
  expect(planUnmerge({ ...whole, ...changes })).toEqual({ conflict });
  expect(planUnmerge(whole)).toEqual({ lines: [line] });
});

test('scores that came since go with the link, those the kept person has had before stay', () => {
  const since = newId<LineItemId>();
  const lines = [line, since, keptLine].map((lineItemId) => ({ lineItemId, isHeld: false }));
  expect(planUnmerge({ ...whole, lines })).toEqual({ lines: [line, since] });
});
