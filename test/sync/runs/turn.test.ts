import { expect, test } from 'vitest';
import type { ConnectionId, RunId } from '../../../contracts/ids.ts';
import { decideTurn, listReady, type OpenRun } from '../../../src/sync/runs/turn.ts';

function run(name: string, changes: Partial<OpenRun> = {}): OpenRun {
  const [connection = '', number = '1'] = name.split('-');
  return {
    runId: name as RunId,
    connectionId: connection as ConnectionId,
    runNo: Number(number),
    state: 'requested',
    mode: 'full',
    isDry: false,
    hasPackage: false,
    isWorked: false,
    isUndone: false,
    isPutOff: false,
    ...changes,
  };
}
const turn = (open: OpenRun[], name: string, most = 2) => decideTurn(open, name as RunId, most);

test('one run of a connection at a time, in their order', () => {
  const open = [run('a-1'), run('a-2')];
  expect(turn(open, 'a-1')).toBe('go');
  expect(turn(open, 'a-2')).toBe('wait');
  // One that waits for its source to come back still goes first.
  expect(turn([run('a-1', { state: 'reading', isPutOff: true }), run('a-2')], 'a-2')).toBe('wait');
});

test('so many of a tenant at once; others wait in the order in which they were asked for', () => {
  const open = [run('a-1', { isWorked: true, state: 'reading' }), run('b-1'), run('c-1')];
  expect(turn(open, 'b-1')).toBe('go');
  expect(turn(open, 'c-1')).toBe('wait');
  expect(turn(open, 'c-1', 3)).toBe('go');
  expect(turn([run('a-1'), run('b-1')], 'b-1', 1)).toBe('wait');
});

test('a run that is worked on, put off or unknown is not begun', () => {
  expect(turn([run('a-1', { isWorked: true })], 'a-1')).toBe('wait');
  expect(turn([run('a-1', { isPutOff: true })], 'a-1')).toBe('wait');
  expect(turn([], 'a-1')).toBe('wait');
});

test('a plan that waits for somebody holds up no reading of everything', () => {
  const held = run('a-1', { state: 'held' });
  expect(turn([held, run('a-2')], 'a-2')).toBe('go');
  expect(turn([held, run('a-2', { mode: 'delta' })], 'a-2')).toBe('go');
});

test('packages of changes build on each other: one that waits is decided before the next', () => {
  const held = run('a-1', { state: 'held', mode: 'delta', hasPackage: true });
  expect(turn([held, run('a-2', { mode: 'delta', hasPackage: true })], 'a-2')).toBe('wait');
  expect(turn([held, run('a-2', { mode: 'full', hasPackage: true })], 'a-2')).toBe('go');
  expect(turn([held, run('a-2', { mode: 'delta', hasPackage: true, isDry: true })], 'a-2')).toBe('go');
});

test('while a run is undone no other of its connection begins', () => {
  expect(turn([run('a-1', { state: 'applied', isWorked: true }), run('a-2')], 'a-2')).toBe('wait');
});

test('those that could be taken up now are woken, and no others', () => {
  const open = [
    run('a-1', { state: 'held' }),
    run('b-1', { isPutOff: true }),
    run('c-1', { state: 'approved' }),
    run('c-2'),
    run('d-1', { isWorked: true }),
    run('e-1'),
  ];
  expect(listReady(open).map(({ runId }) => runId)).toEqual(['c-1', 'e-1']);
});
