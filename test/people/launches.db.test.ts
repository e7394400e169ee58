import { beforeEach, expect, test } from 'vitest';
import { type ConnectionId, newId, type PersonId } from '../../contracts/ids.ts';
import { ltiClaim } from '../../src/demo/lms/claims.ts';
import { linkRosterUsers } from '../../src/people/link.ts';
import { readMatchRule } from '../../src/people/match-rule.ts';
import { mergePeople } from '../../src/people/merges.ts';
import { setMatchRule } from '../../src/people/people.ts';
import {
  authenticationRequest,
  reachTool,
  readPosted,
  sendAuthorize,
  verifyToken,
} from '../support/authorize.ts';
import { createTestDatabase } from '../support/database.ts';
import { by, startHubWorld } from '../support/hub.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const { tenantId } = world.tenants.northside;
const sis = newId<ConnectionId>();
await superuser.query(
  `insert into connection (tenant_id, connection_id, kind, partner, name, created_at) values ($1, $2, 'roster', 'x', 'x', now())`,
  [tenantId, sis],
);
const lms = (
  await superuser.query(`select connection_id from connection where tenant_id = $1 and kind = 'lms'`, [
    tenantId,
  ])
).rows[0].connection_id as ConnectionId;
await setMatchRule(
  database,
  tenantId,
  readMatchRule({ rosterColumn: 'identifier', linkField: 'lisPersonSourcedId' }),
  by(),
);
let number = 0;
let subject: string;
let identifier: string;

beforeEach(() => {
  number++;
  [subject, identifier] = [`sub-${number}`, `sis-${number}`];
});

async function addUser(
  sourcedId: string,
  names: [string | null, string | null] = [null, null],
): Promise<PersonId> {
  await superuser.query(
    `insert into roster_user (tenant_id, connection_id, sourced_id, given_name, family_name, identifier, content_hash,
       created_run, changed_run, part, line, changed_at) values ($1, $2, $3, $4, $5, $6, 0, 1, 1, 0, 0, now())`,
    [tenantId, sis, sourcedId, ...names, identifier],
  );
  await linkRosterUsers(database, tenantId, sis, { runNo: 1, again: true, by: by() });
  return personOf(sourcedId, sis);
}

async function personOf(link: string, connectionId = lms): Promise<PersonId> {
  const { rows } = await superuser.query(
    'select person_id from person_link where tenant_id = $1 and connection_id = $2 and subject = $3',
    [tenantId, connectionId, link],
  );
  return rows[0]?.person_id;
}

/** A launch as far as the tool's login, by somebody whom the LMS calls so. */
function reach(claims: Record<string, unknown> = {}, claimed: string | undefined = identifier) {
  const lis = claimed === undefined ? {} : { person_sourcedid: claimed };
  const changes = {
    sub: subject,
    given_name: 'Ada',
    family_name: 'Byron',
    [ltiClaim('lis')]: lis,
    ...claims,
  };
  return reachTool(world, { tampering: { claims: (given) => ({ ...given, ...changes }) } });
}

/** Goes on to the tool. @returns the name it is told */
async function open(login: Awaited<ReturnType<typeof reach>>): Promise<string> {
  const answer = await sendAuthorize(world, authenticationRequest(world, login), { cookies: login.cookies });
  return String((await verifyToken(world, String(readPosted(answer).fields.id_token))).sub);
}

async function addPerson(): Promise<PersonId> {
  const personId = newId<PersonId>();
  await superuser.query(
    `insert into person (tenant_id, person_id, created_at, changed_at) values ($1, $2, now(), now())`,
    [tenantId, personId],
  );
  return personId;
}

const merge = (keptId: PersonId, absorbedId: PersonId) =>
  database.withTenant(tenantId, (tx) => mergePeople(tx, { keptId, absorbedId }, by()));

/** A merge that has done its work and is not committed before `finish` is called. */
async function beginMerge(keptId: PersonId, absorbedId: PersonId) {
  const [done, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const merging = database.withTenant(tenantId, async (tx) => {
    await mergePeople(tx, { keptId, absorbedId }, by());
    done.resolve();
    await gate.promise;
  });
  await done.promise;
  return async () => {
    gate.resolve();
    await merging;
  };
}

async function someoneWaits(): Promise<void> {
  await expect
    .poll(async () => (await superuser.query('select from pg_locks where not granted')).rowCount)
    .toBeGreaterThan(0);
}

test('who comes with a launch is the roster’s person with the same identifier', async () => {
  const person = await addUser('u1', ['Ada', 'Lovelace']);
  await reach();
  expect(await personOf(subject)).toBe(person);
  await reach();
  expect(await personOf(subject)).toBe(person);
});

test.each<[string, [string, string], Record<string, unknown>]>([
  ['under another name altogether', ['Mary', 'Somerville'], {}],
  ['whom the LMS knows as somebody else', ['Ada', 'Byron'], { sub: 'another' }],
])(
  'a roster’s person %s is not taken for them, and the next linking asks somebody',
  async (why, names, first) => {
    const person = await addUser(`u-${why}`, names);
    if (first.sub !== undefined) await reach({ ...first, sub: `${first.sub}-${number}` });
    await reach();
    expect(await personOf(subject)).not.toBe(person);
    const linked = await linkRosterUsers(database, tenantId, sis, { runNo: 2, by: by() });
    expect(linked).toMatchObject({ joined: 0, reviews: 1 });
  },
);

test('two roster persons with one identifier are neither of them', async () => {
  const persons = [await addUser('t1'), await addUser('t2')];
  await reach();
  expect(persons).not.toContain(await personOf(subject));
});

test('an identifier that an LMS begins to send is found by the next linking', async () => {
  await reach({}, undefined);
  const before = await personOf(subject);
  await addUser('late');
  await reach();
  expect(await personOf(subject)).toBe(before);
  await linkRosterUsers(database, tenantId, sis, { runNo: 2, by: by() });
  expect(await personOf('late', sis)).toBe(before);
});

test('a launch that began before a merge is told the name the tool knows', async () => {
  const sub = await open(await reach());
  const login = await reach();
  const kept = await addPerson();
  await merge(kept, await personOf(subject));
  expect(await open(login)).toBe(sub);
  expect(await personOf(subject)).toBe(kept);
  expect(await open(await reach())).toBe(sub);
});

test('a tool that meets a person in the moment they are merged knows them by one name from then on', async () => {
  const login = await reach();
  const kept = await addPerson();
  const finish = await beginMerge(kept, await personOf(subject));
  const opening = open(login);
  await someoneWaits();
  await finish();
  const sub = await opening;
  expect(await open(await reach())).toBe(sub);
  const { rows } = await superuser.query(
    'select person_id from pseudonym where tenant_id = $1 and sub = $2',
    [tenantId, sub],
  );
  expect(rows).toEqual([{ person_id: kept }]);
});

test('a first launch of somebody whose roster person is being merged leads to the one that is kept', async () => {
  const person = await addUser('moving');
  const kept = await addPerson();
  const finish = await beginMerge(kept, person);
  const reaching = reach();
  await someoneWaits();
  await finish();
  await reaching;
  expect(await personOf(subject)).toBe(kept);
});

test('a retired name is not given out again', async () => {
  const sub = await open(await reach());
  const login = await reach();
  const absorbed = await personOf(subject);
  const kept = await addPerson();
  await superuser.query(
    `insert into pseudonym (tenant_id, tool_id, person_id, sub, created_at)
     select $1, tool_id, $2, 'kept-' || $3::text, now() from pseudonym where tenant_id = $1 and sub = $4`,
    [tenantId, kept, number, sub],
  );
  await database.withTenant(tenantId, (tx) =>
    mergePeople(tx, { keptId: kept, absorbedId: absorbed, retireNames: true }, by()),
  );
  expect(await open(login)).toBe(`kept-${number}`);
});
