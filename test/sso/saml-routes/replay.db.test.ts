import { afterAll, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../src/platform/db.ts';
import { createTestDatabase } from '../../support/database.ts';
import type { Target } from '../saml/support/idp.ts';
import type { Visitor } from '../support/visitor.ts';
import { begin, type Form, post, reasonOf, signIn, targetOf, tell } from './support/flow.ts';
import { type SamlCopy, startSamlWorld } from './support/world.ts';

const testDatabase = await createTestDatabase();
const world = await startSamlWorld(testDatabase);
const { first } = world;
const other = await world.addCopy(await openOwnDatabase());
const tenant = await world.addTenant();
const solicited = await world.connect(tenant);
const open = await world.connect(tenant, { allowUnsolicited: true });

/** As a copy of the hub has it that was started by itself. */
async function openOwnDatabase(atEnd: (close: () => Promise<void>) => void = afterAll) {
  const database = await openDatabase({
    url: testDatabase.url,
    applicationName: 'gatehouse test copy',
    connections: 4,
    statementTimeoutMs: 10_000,
    onError: (error) => {
      throw error;
    },
  });
  atEnd(() => database.close());
  return database;
}

/** The same browser at another copy. */
function at(copy: SamlCopy, visitor: Visitor): Visitor {
  const there = copy.visitor();
  for (const [name, value] of visitor.cookies) there.cookies.set(name, value);
  return there;
}

/** Posts one form twenty times at once, to two copies by turns. */
async function postAtOnce(visitor: Visitor, target: Target, form: Form) {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      post(at(index % 2 === 0 ? first : other, visitor), target, form),
    ),
  );
  const refused = answers.filter(({ status }) => status !== 303);
  return { taken: answers.length - refused.length, reasons: refused.map(reasonOf) };
}

test('an answer that was taken is refused when it is posted again, by every copy and after a restart', async () => {
  const { visitor, target, relayState: RelayState } = await begin(world, tenant, solicited);
  const form = { SAMLResponse: tell(world, target), RelayState };
  expect((await post(at(first, visitor), target, form)).status).toBe(303);
  const restarted = await world.addCopy(await openOwnDatabase(onTestFinished), onTestFinished);
  for (const copy of [first, other, restarted]) {
    expect(reasonOf(await post(at(copy, visitor), target, form))).toBe('request_unknown');
  }
});

test('a sign-in that was begun at one copy ends at another', async () => {
  const { visitor, target, relayState: RelayState } = await begin(world, tenant, solicited);
  const ended = await post(at(other, visitor), target, { SAMLResponse: tell(world, target), RelayState });
  expect(ended.status).toBe(303);
});

test('of twenty posts of one answer at once to two copies, one signs in', async () => {
  const before = await world.sessions(tenant);
  const { visitor, target, relayState: RelayState } = await begin(world, tenant, solicited);
  const { taken, reasons } = await postAtOnce(visitor, target, {
    SAMLResponse: tell(world, target),
    RelayState,
  });
  expect(taken).toBe(1);
  expect(reasons).toEqual(Array(19).fill('request_unknown'));
  expect(await world.sessions(tenant)).toHaveLength(before.length + 1);
});

test('an assertion nobody asked for is good for one time: in turn, by every copy and after a restart', async () => {
  const target = targetOf(world, tenant, open);
  const form = { SAMLResponse: tell(world, target) };
  expect((await post(first.visitor(), target, form)).status).toBe(303);
  const restarted = await world.addCopy(await openOwnDatabase(onTestFinished), onTestFinished);
  for (const copy of [first, other, restarted]) {
    expect(reasonOf(await post(copy.visitor(), target, form))).toBe('replay');
  }
});

test('of twenty posts at once to two copies of an assertion nobody asked for, one signs in', async () => {
  const before = await world.sessions(tenant);
  const target = targetOf(world, tenant, open);
  const { taken, reasons } = await postAtOnce(first.visitor(), target, { SAMLResponse: tell(world, target) });
  expect(taken).toBe(1);
  expect(reasons).toEqual(Array(19).fill('replay'));
  expect(await world.sessions(tenant)).toHaveLength(before.length + 1);
});

test('one assertion in two Responses is one assertion', async () => {
  const target = targetOf(world, tenant, open);
  const lies = { assertionId: '_the-same' };
  expect((await post(first.visitor(), target, { SAMLResponse: tell(world, target, lies) })).status).toBe(303);
  const again = await post(first.visitor(), target, { SAMLResponse: tell(world, target, lies) });
  expect(reasonOf(again)).toBe('replay');
});

test('it stays used until no copy of it could be accepted any more', async () => {
  const { ended } = await signIn(world, tenant, solicited, { assertionId: '_kept' });
  expect(ended.status).toBe(303);
  const { rows } = await testDatabase.superuser.query(
    `select expires_at from used_once where tenant_id = $1 and connection_id = $2 and id_hash = sha256('_kept')`,
    [tenant.tenantId, solicited.connectionId],
  );
  // NotOnOrAfter and a minute's skew.
  expect(rows).toEqual([{ expires_at: new Date(world.clock.now() + 360_000) }]);
});

test('the same assertion id at another connection is another assertion', async () => {
  const lies = { assertionId: '_common' };
  const there = targetOf(world, tenant, open);
  expect((await post(first.visitor(), there, { SAMLResponse: tell(world, there, lies) })).status).toBe(303);
  expect((await signIn(world, tenant, solicited, lies)).ended.status).toBe(303);
});
