import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import { createHints, mostHinted } from '../../src/grades/hints.ts';

const tenant = 'tenant' as TenantId;
const [one, two] = ['one', 'two'] as ConnectionId[] as [ConnectionId, ConnectionId];
let sent: string[][];

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
});
afterEach(() => void vi.useRealTimers());

const hints = () =>
  createHints((connections) => void sent.push(connections.map(({ connectionId }) => connectionId)));

test('the first hint goes out at once, those that follow together and each connection once', () => {
  const { tell } = hints();
  for (let i = 0; i < 50; i++) {
    tell(tenant, one);
    tell(tenant, two);
  }
  expect(sent).toEqual([['one']]);
  vi.advanceTimersByTime(1_000);
  expect(sent).toEqual([['one'], ['two', 'one']]);
});

test('after a pause a hint goes out at once again', () => {
  const { tell } = hints();
  tell(tenant, one);
  vi.advanceTimersByTime(1_000);
  tell(tenant, two);
  expect(sent).toEqual([['one'], ['two']]);
});

test('a hint names only so many connections, and the next one names the others', () => {
  const { tell } = hints();
  for (let i = 0; i <= mostHinted + 1; i++) tell(tenant, `connection ${i}` as ConnectionId);
  vi.advanceTimersByTime(1_000);
  expect(sent.map((each) => each.length)).toEqual([1, mostHinted, 1]);
});
