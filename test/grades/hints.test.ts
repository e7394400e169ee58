import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import { createHints } from '../../src/grades/hints.ts';

const tenant = 'tenant' as TenantId;
const [one, two] = ['one', 'two'] as ConnectionId[] as [ConnectionId, ConnectionId];
let sent: string[];

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
});
afterEach(() => void vi.useRealTimers());

const hints = () =>
  createHints((_tenant, connection) => void sent.push(connection), { now: () => Date.now() });

test('the first hint goes out at once, many that follow go out as one', () => {
  const { tell } = hints();
  for (let i = 0; i < 50; i++) tell(tenant, one);
  expect(sent).toEqual(['one']);
  vi.advanceTimersByTime(1_000);
  expect(sent).toEqual(['one', 'one']);
});

test('connections do not wait for each other', () => {
  const { tell } = hints();
  tell(tenant, one);
  tell(tenant, two);
  expect(sent).toEqual(['one', 'two']);
});

test('a clock that is set back silences nobody', () => {
  let now = 1_000_000;
  const { tell } = createHints((_tenant, connection) => void sent.push(connection), { now: () => now });
  tell(tenant, one);
  now = 0;
  tell(tenant, one);
  expect(sent).toEqual(['one', 'one']);
});
