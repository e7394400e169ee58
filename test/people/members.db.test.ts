import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ConnectionId } from '../../contracts/ids.ts';
import { eraseIdentity } from '../../src/people/erase.ts';
import { type Member, meetMembers } from '../../src/people/members.ts';
import type { TenantTx } from '../../src/platform/db.ts';
import { createTenant } from '../../src/tenants/tenants.ts';
import { createTestDatabase } from '../support/database.ts';
import { by } from '../support/hub.ts';

const { database, superuser } = await createTestDatabase();

/** A school with an LMS and a roster, linked by the number at the SIS. */
async function addSchool(slug: string) {
  const { tenantId } = await createTenant(database, { slug, name: slug }, by());
  const connection = async (kind: string) => {
    const id = randomUUID() as ConnectionId;
    await superuser.query(
      `insert into connection (tenant_id, connection_id, kind, partner, name, created_at) values ($1, $2, $3, 'p', 'n', now())`,
      [tenantId, id, kind],
    );
    return id;
  };
  const [lms, roster] = [await connection('lms'), await connection('roster')];
  await superuser.query(
    `insert into person_match_rule (tenant_id, roster_column, link_field, changed_at)
     values ($1, 'identifier', 'lisPersonSourcedId', now())`,
    [tenantId],
  );
  /** Somebody in the roster. */
  const enrol = async (number: string, givenName: string, familyName: string) => {
    const personId = randomUUID();
    await superuser.query(
      `insert into person (tenant_id, person_id, given_name, family_name, created_at, changed_at) values ($1, $2, $3, $4, now(), now())`,
      [tenantId, personId, givenName, familyName],
    );
    await superuser.query(
      `insert into person_link (tenant_id, connection_id, subject, person_id, match_value, created_at) values ($1, $2, $3, $4, $5, now())`,
      [tenantId, roster, `user-${randomUUID()}`, personId, number],
    );
    return personId;
  };
  const meet = (members: Member[]) =>
    database.withTenant(tenantId, (tx) => meetMembers(tx, lms, members, Date.now()));
  return { tenantId, lms, enrol, meet };
}

const member = (
  subject: string,
  claimedId?: string,
  name: [given?: string | undefined, family?: string] = [],
): Member => ({
  subject,
  claimedId,
  name: undefined,
  givenName: name[0],
  familyName: name[1],
  email: undefined,
});
const school = await addSchool('north');

test('whoever is in the roster under the same number is that person', async () => {
  const ada = await school.enrol('1', 'Ada', 'Lovelace');
  const met = await school.meet([member('lms-ada', '1', ['Ada', 'Lovelace']), member('lms-new', '2')]);
  expect(met.get('lms-ada')).toBe(ada);
  expect(met.get('lms-new')).toBeDefined();
  const { rows } = await superuser.query(
    `select subject, is_unsettled from person_link where connection_id = $1 order by subject`,
    [school.lms],
  );
  // The other may turn up in a roster yet.
  expect(rows).toEqual([
    { subject: 'lms-ada', is_unsettled: false },
    { subject: 'lms-new', is_unsettled: true },
  ]);
});

test('the same list again changes nothing', async () => {
  const list = [member('again-1', '11'), member('again-2', '12')];
  const first = await school.meet(list);
  const { rows } = await superuser.query('select * from person order by person_id');
  expect(await school.meet(list)).toEqual(first);
  expect((await superuser.query('select * from person order by person_id')).rows).toEqual(rows);
});

test('somebody with another name altogether is somebody else', async () => {
  const bob = await school.enrol('3', 'Bob', 'Stone');
  const met = await school.meet([member('lms-3', '3', ['Mia', 'Brook'])]);
  expect(met.get('lms-3')).not.toBe(bob);
});

test('of two members who claim to be one roster person neither is', async () => {
  const cleo = await school.enrol('4', 'Cleo', 'Park');
  const met = await school.meet([member('lms-4a', '4'), member('lms-4b', '4')]);
  expect([...met.values()]).not.toContain(cleo);
  expect(new Set(met.values()).size).toBe(2);
});

test('a roster person whom the LMS knows already is nobody else’s', async () => {
  const dan = await school.enrol('5', 'Dan', 'Reed');
  expect((await school.meet([member('lms-5', '5')])).get('lms-5')).toBe(dan);
  expect((await school.meet([member('lms-5-again', '5')])).get('lms-5-again')).not.toBe(dan);
});

test('a number that two roster persons have is nobody’s', async () => {
  const twins = [await school.enrol('6', 'Eva', 'Hill'), await school.enrol('6', 'Eva', 'Hill')];
  expect(twins).not.toContain((await school.meet([member('lms-6', '6')])).get('lms-6'));
});

test('names the LMS has now are taken, those it leaves out stay', async () => {
  await school.meet([member('named', undefined, ['Finn', 'Old'])]);
  const met = await school.meet([member('named', undefined, [undefined, 'New'])]);
  const { rows } = await superuser.query('select given_name, family_name from person where person_id = $1', [
    met.get('named'),
  ]);
  expect(rows).toEqual([{ given_name: 'Finn', family_name: 'New' }]);
});

test('two lists that are met at once give each person one link', async () => {
  const list = Array.from({ length: 50 }, (_, index) => member(`both-${index}`, `b${index}`));
  const [one, other] = await Promise.all([school.meet(list), school.meet(list.toReversed())]);
  expect(Object.fromEntries(other)).toEqual(Object.fromEntries(one));
});

test('two lists with the same people and other names do not wait for each other in a circle', async () => {
  const names = (name: string, side: string) =>
    Array.from({ length: 200 }, (_, i) => member(`${side}-${i + 100}`, undefined, [name]));
  await school.meet(names('first', 'up'));
  // The same persons under a second account each, in the opposite order.
  await superuser.query(
    `insert into person_link (tenant_id, connection_id, subject, person_id, created_at)
     select tenant_id, connection_id, 'down-' || 399 - substr(subject, 4)::int, person_id, now()
     from person_link where connection_id = $1 and subject like 'up-%'`,
    [school.lms],
  );
  for (let turn = 0; turn < 10; turn += 1) {
    await Promise.all([school.meet(names(`a${turn}`, 'up')), school.meet(names(`b${turn}`, 'down'))]);
  }
});

test('whoever was erased does not come back by a list, but may by coming themselves', async () => {
  const meet = () => school.meet([member('gone', undefined, ['Gail', 'Gone']), member('stays')]);
  const personId = (await meet()).get('gone')!;
  const erase = (tx: TenantTx) => eraseIdentity(tx, personId, new Date());
  await database.withTenant(school.tenantId, erase);
  expect([...(await meet()).keys()]).toEqual(['stays']);
  await superuser.query(
    `insert into person_link (tenant_id, connection_id, subject, person_id, created_at)
     select $1, $2, 'gone', person_id, now() from person where tenant_id = $1 and given_name = 'Finn'`,
    [school.tenantId, school.lms],
  );
  expect([...(await meet()).keys()].sort()).toEqual(['gone', 'stays']);
});

test('another school’s people are not looked at', async () => {
  const south = await addSchool('south');
  const theirs = await south.enrol('1', 'Ada', 'Lovelace');
  const met = await school.meet([member('lms-other', '1', ['Ada', 'Lovelace'])]);
  expect(met.get('lms-other')).not.toBe(theirs);
  const { rows } = await superuser.query(`select tenant_id from person_link where subject = 'lms-other'`);
  expect(rows).toEqual([{ tenant_id: school.tenantId }]);
});
