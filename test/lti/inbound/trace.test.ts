import { expect, test } from 'vitest';
import { explainLaunch, reasonsWithoutCheck, type StoredLaunch } from '../../../src/lti/inbound/trace.ts';
import { registrationReasons } from '../../../src/lti/reasons/registration.ts';
import { reason, reasonCodes } from '../../../src/lti/reasons.ts';

function launch(given: Partial<StoredLaunch>): StoredLaunch {
  return {
    launchId: '0199a000-0000-7000-8000-000000000000',
    reference: 'ABCD-EFGH',
    state: 'refused',
    outcome: undefined,
    reason: undefined,
    connectionId: undefined,
    deploymentId: undefined,
    toolId: undefined,
    binding: undefined,
    presentation: undefined,
    policyVersion: undefined,
    facts: {},
    warnings: [],
    startedAt: new Date(0),
    endedAt: undefined,
    ...given,
  };
}

const resultOf = (given: Partial<StoredLaunch>, check: string) =>
  explainLaunch(launch(given)).steps.find((step) => step.check === check)?.result;

test('every reason belongs to a check, but those where no launch began, and the hub’s own limits and faults', () => {
  const without = ['body_too_large', 'internal', 'opened_by_hand', 'rate_limited'];
  // What a tool answers to a request for content comes after its launch is over, and a dynamic registration is none.
  const ofLaunches = reasonCodes.filter(
    (code) => !(code.startsWith('answer_') || code in registrationReasons),
  );
  expect(reasonsWithoutCheck(ofLaunches).toSorted()).toEqual(without);
});

test.each(reasonCodes.filter((code) => reasonsWithoutCheck([code]).length === 0))(
  'a launch refused for %s passed what came before and reached nothing after',
  (code) => {
    const { steps, advice } = explainLaunch(launch({ reason: code }));
    const failed = steps.findIndex(({ result }) => result === 'failed');
    expect(steps[failed]?.note).toBe(code);
    expect(new Set(steps.slice(0, failed).map(({ result }) => result))).not.toContain('failed');
    expect(steps.slice(0, failed).every(({ result }) => result === 'passed')).toBe(true);
    expect(steps.slice(failed + 1).every(({ result }) => result === 'not_reached')).toBe(true);
    expect(advice).toBe(`${reason(code).advice} (${reason(code).specification})`);
  },
);

test('a launch that opened passed every check', () => {
  const { steps, advice } = explainLaunch(launch({ state: 'opened', outcome: 'success' }));
  expect(steps.every(({ result }) => result === 'passed')).toBe(true);
  expect(advice).toBeUndefined();
});

test('a launch under way passed the checks of the first leg only', () => {
  expect(resultOf({ state: 'started' }, 'tool')).toBe('passed');
  expect(resultOf({ state: 'started' }, 'authorize_request')).toBe('not_reached');
});

test('a launch no tool fetched never came to the authorize request', () => {
  const abandoned = { state: 'abandoned', reason: 'launch_abandoned' };
  expect(resultOf(abandoned, 'tool')).toBe('passed');
  expect(resultOf(abandoned, 'authorize_request')).toBe('failed');
  expect(resultOf(abandoned, 'hint')).toBe('not_reached');
});

test('a warning stands at its check, whether the launch opened or not', () => {
  const warnings = ['browser_unproven', 'target_mismatch'];
  expect(resultOf({ state: 'opened', warnings }, 'browser')).toBe('warned');
  expect(resultOf({ state: 'opened', warnings }, 'target')).toBe('warned');
  expect(resultOf({ reason: 'tool_not_enabled', warnings }, 'browser')).toBe('warned');
  expect(resultOf({ reason: 'deployment_unknown', warnings }, 'target')).toBe('not_reached');
});

test('a check with several warnings shows them all', () => {
  const warnings = ['resource_link_equals_context', 'ags_malformed', 'roles_left_out', 'custom_left_out'];
  const { steps } = explainLaunch(launch({ state: 'opened', warnings }));
  expect(steps.flatMap(({ note }) => note ?? [])).toEqual([warnings.join(', ')]);
});

test('advice adds what differs for the LMS', () => {
  const { advice } = explainLaunch(launch({ reason: 'kid_unknown', facts: { family: 'moodle' } }));
  expect(advice).toContain('/mod/lti/certs.php');
});

test('a reason of a newer version is no reason to fail', () => {
  expect(explainLaunch(launch({ reason: 'not_known_here' })).advice).toBeUndefined();
});
