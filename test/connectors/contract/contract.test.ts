import { expect, test } from 'vitest';
import { connectors } from '../../../connectors/index.ts';
import { secretNames } from '../../../contracts/connector.ts';
import { harnesses } from './harnesses.ts';
import { lines } from './lines.ts';
import { measureReading } from './memory.ts';

/** The one suite that every connector passes: add a harness, and it is held to all lines that apply to it. */

test('every connector is put to the test', () => {
  const tested = new Set(harnesses.map(({ connector }) => connector.id));
  expect(connectors.map(({ id }) => id).filter((id) => !tested.has(id))).toEqual([]);
  expect(connectors.map(({ id }) => id)).toEqual([...new Set(connectors.map(({ id }) => id))]);
});

test('which lines do not apply is decided by what a connector is', () => {
  const without = harnesses.map((harness) => {
    const reasons = lines.flatMap((line) => line.without(harness) ?? []);
    const { delta, alongside } = harness.connector.capabilities;
    return [harness.name, harness.transport, delta, alongside, [...new Set(reasons)]] as const;
  });
  const expected = without.map(([name, transport, delta, alongside]) => [
    name,
    transport,
    delta,
    alongside,
    [
      ...(delta === 'cursor' ? [] : [`deltas are told by: ${String(delta)}`]),
      ...(alongside === undefined ? ['each entity is read by itself'] : []),
      ...(transport === 'pages' ? [] : ['files have no pages']),
    ],
  ]);
  expect(without).toEqual(expected);
});

for (const harness of harnesses) {
  for (const line of lines) {
    if (line.without(harness) !== undefined) continue;
    test(`${harness.name}: ${line.rule}`, () => line.keep(harness));
  }

  test(`${harness.name}: reads a large source in little memory`, async () => {
    const { rows, grownBytes } = await measureReading(harness, 100_000);
    expect(rows).toBe(100_000);
    // All rows would be five megabytes as text, and more as objects.
    expect(grownBytes).toBeLessThan(4 * 1024 * 1024);
  });

  test(`${harness.name}: id, version, title and settings are as the console and the database need them`, () => {
    const { id, version, title, settings, limits } = harness.connector;
    expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(title.length).toBeGreaterThan(2);
    expect(Object.values(limits).every((limit) => limit > 0)).toBe(true);
    const looksSecret = /secret|password|token$|privateKey|authorization/i;
    const open = Object.keys(settings.shape).filter((name) => looksSecret.test(name));
    expect(secretNames(settings)).toEqual(expect.arrayContaining(open));
  });
}
