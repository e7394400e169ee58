import { expect, onTestFinished, test } from 'vitest';
import { createSigningKey } from '../../../src/demo/lms/signing-keys.ts';
import type { Tampering } from '../../../src/demo/lms/tampering.ts';
import { createTestDatabase } from '../../support/database.ts';
import { type HubCopy, startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { expectRefused } from '../../support/launch-rows.ts';
import { changeRegistrationOf } from '../../support/registrations.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const { keys } = world.lms;
const { northside } = world.tenants;
const publish = keys.jwks;
let fetches = 0;
keys.jwks = () => {
  fetches += 1;
  return publish();
};

/** Makes the LMS publish something else for the length of a test. */
function publishing(jwks: typeof publish): void {
  const before = keys.jwks;
  keys.jwks = jwks;
  onTestFinished(() => {
    keys.jwks = before;
  });
}

const launch = async (copy: HubCopy, tampering: Tampering = {}) =>
  postLaunch(world, await answerLogin(world, { tampering }), { copy });

const minute = 60_000;

test('keys are fetched once, by the first launch, however many come at once', async () => {
  const copy = await world.addCopy();
  const before = fetches;
  const statuses = (await Promise.all(Array.from({ length: 10 }, () => launch(copy)))).map(
    ({ status }) => status,
  );
  expect(statuses).toEqual(Array(10).fill(303));
  expect(fetches).toBe(before + 1);
  await launch(copy);
  expect(fetches).toBe(before + 1);
});

test('a new key is fetched once, when its first token comes', async () => {
  const copy = await world.addCopy();
  await launch(copy);
  world.clock.advance(minute);
  await keys.rotate();
  const before = fetches;
  expect((await launch(copy)).status).toBe(303);
  expect((await launch(copy)).status).toBe(303);
  expect(fetches).toBe(before + 1);
});

test('an unknown key causes no more than one fetch within the cooldown', async () => {
  const copy = await world.addCopy();
  const before = fetches;
  for (const kid of ['unknown-1', 'unknown-2', 'unknown-1']) {
    const refused = await launch(copy, { signing: () => ({ header: { kid } }) });
    await expectRefused(testDatabase, refused, 'kid_unknown', northside.tenantId);
  }
  expect(fetches).toBe(before + 1);
});

test('a key that was withdrawn is trusted no more once the keys were fetched anew', async () => {
  const copy = await world.addCopy();
  await launch(copy);
  const old = keys.current();
  const withOldKey = { signing: () => ({ key: old }) };
  await keys.rotate();
  expect((await launch(copy, withOldKey)).status).toBe(303);
  keys.retireOld();
  world.clock.advance(minute);
  expect((await launch(copy)).status).toBe(303);
  await expectRefused(testDatabase, await launch(copy, withOldKey), 'kid_unknown', northside.tenantId);
});

test('a new key under an old name is fetched after a bad signature, once the cooldown is over', async () => {
  const copy = await world.addCopy();
  await launch(copy);
  const swapped = await createSigningKey(keys.current().kid);
  publishing(() => ({ keys: [swapped.publicJwk] }));
  const withSwapped = { signing: () => ({ key: swapped }) };
  await expectRefused(testDatabase, await launch(copy, withSwapped), 'signature_invalid', northside.tenantId);
  world.clock.advance(minute);
  expect((await launch(copy, withSwapped)).status).toBe(303);
});

test('keys that cannot be fetched are the LMS’s failure, and launches go on when they can', async () => {
  const copy = await world.addCopy();
  publishing(() => {
    throw new Error('The LMS is down');
  });
  await expectRefused(testDatabase, await launch(copy), 'jwks_unreachable', northside.tenantId);
  keys.jwks = publish;
  world.clock.advance(10_000);
  expect((await launch(copy)).status).toBe(303);
});

test('keys at hand serve on while the LMS’s key set is down', async () => {
  const copy = await world.addCopy();
  await launch(copy);
  publishing(() => {
    throw new Error('The LMS is down');
  });
  world.clock.advance(30 * minute);
  expect((await launch(copy)).status).toBe(303);
  world.clock.advance(120 * minute);
  expect((await launch(copy)).status).toBe(303);
});

test('what is no key set is as good as none', async () => {
  const copy = await world.addCopy();
  publishing(() => ({ keys: 'none' as never }));
  await expectRefused(testDatabase, await launch(copy), 'jwks_unreachable', northside.tenantId);
});

test('pasted keys are enough where the LMS has no address for them', async () => {
  const pasted = { keys: [{ ...keys.current().publicJwk, kty: 'RSA' as const }] };
  await changeRegistrationOf(testDatabase, northside, { jwks: pasted });
  onTestFinished(async () => {
    await changeRegistrationOf(testDatabase, northside, { jwksUrl: world.lms.jwksUrl });
  });
  const before = fetches;
  expect((await launch(await world.addCopy())).status).toBe(303);
  expect(fetches).toBe(before);
});
