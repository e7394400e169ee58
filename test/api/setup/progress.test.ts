import { expect, test } from 'vitest';
import { decideProgress } from '../../../src/api/setup/progress.ts';

const nothing = { wanted: [], connections: [], tools: [], isUnconfirmed: false };
const brief = (facts: Parameters<typeof decideProgress>[0]) =>
  Object.fromEntries(decideProgress(facts).map(({ step, state, waitingOn }) => [step, [state, waitingOn]]));

test('at the beginning everything waits for the school, but what is shared for us: no tool is on', () => {
  expect(brief(nothing)).toEqual({
    ...{ lms: ['open', 'school'], identity: ['open', 'school'], roster: ['open', 'school'] },
    sharing: ['open', 'us'],
  });
});

test('a connection is done once a try went well; others beside it do not matter, and one that is off not at all', () => {
  const lms = (verified: boolean, state = 'active') => ({ kind: 'lms', state, verified });
  const state = (...connections: ReturnType<typeof lms>[]) => brief({ ...nothing, connections }).lms;
  expect(state(lms(false))).toEqual(['connected', 'school']);
  expect(state(lms(false), lms(true))).toEqual(['done', null]);
  expect(state(lms(true, 'disabled'))).toEqual(['open', 'school']);
});

test('sharing is done when every tool that is on was agreed to', () => {
  const state = (...tools: { agreed: boolean }[]) => brief({ ...nothing, tools }).sharing;
  expect(state({ agreed: true }, { agreed: false })).toEqual(['connected', 'school']);
  expect(state({ agreed: true })).toEqual(['done', null]);
});

test('what was agreed by a link waits for us, until somebody else confirms it', () => {
  const facts = { ...nothing, tools: [{ agreed: false }], isUnconfirmed: true };
  expect(brief(facts).sharing).toEqual(['connected', 'us']);
});

test('what no link asks for is not wanted and waits for nobody', () => {
  const steps = decideProgress({ ...nothing, wanted: ['roster'] });
  expect(steps.filter(({ wanted }) => wanted).map(({ step }) => step)).toEqual(['roster']);
  expect(steps.filter(({ waitingOn }) => waitingOn !== null).map(({ step }) => step)).toEqual(['roster']);
});
