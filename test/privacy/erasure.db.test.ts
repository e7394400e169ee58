import { beforeEach, expect, test, vi } from 'vitest';
import type { ConnectionId, PersonId, TenantId } from '../../contracts/ids.ts';
import { erasers } from '../../src/api/people/erasers.ts';
import { readmit } from '../../src/people/erase.ts';
import { linkRosterUsers } from '../../src/people/link.ts';
import { erasePerson, previewErasure } from '../../src/privacy/erasure.ts';
import { createTestDatabase } from '../support/database.ts';
import { createSchool, type School } from '../sync/engine/world.ts';
import * as world from './erasure-world.ts';
import { by, marks, roster } from './erasure-world.ts';

vi.setConfig({ testTimeout: 30_000 });

const testDatabase = await createTestDatabase();
const { database: db, superuser } = testDatabase;
let count = 0;
let school: School;
let tenantId: TenantId;
let personId: PersonId;
let personOf: (subject: string, connectionId: ConnectionId) => Promise<PersonId>;

beforeEach(async () => {
  count += 1;
  ({ school, tenantId, personId, personOf } = await world.arrangeErasure(testDatabase, `erasing-${count}`));
});

const findMark = (mark: string, of = tenantId) => world.findMark(testDatabase, mark, of);
const erase = (id = personId) => erasePerson(db, tenantId, id, erasers, by);
const tablesOf = (found: string[]) => [...new Set(found.map((place) => place.split('.')[0]))];

test('after it, no column of any table of the tenant holds a value of the person', async () => {
  const before = await findMark(marks.erased);
  // What is searched for is there: the search would find it.
  expect(tablesOf(before)).toEqual([
    ...[
      'audit_value',
      'grade_delivery',
      'lti_hint',
      'person',
      'person_link',
      'person_merge',
      'person_review',
    ],
    ...[
      'pseudonym',
      'roster_change',
      'roster_demographics',
      'roster_enrollment',
      'roster_override',
      'roster_result',
    ],
    ...['roster_role', 'roster_user', 'session', 'sync_finding', 'sync_run'],
  ]);
  await erase();
  expect(await findMark(marks.erased)).toEqual([]);
});

test('nobody else loses anything, in this school or in another', async () => {
  const [here, there] = [school, await createSchool(testDatabase, `elsewhere-${count}`)];
  await there.sync(roster());
  const before = [await findMark(marks.bystander), await findMark(marks.erased, there.tenantId)];
  await erase();
  expect([await findMark(marks.bystander), await findMark(marks.erased, there.tenantId)]).toEqual(before);
  await expect(erasePerson(db, there.tenantId, personId, erasers, by)).rejects.toMatchObject({
    code: 'person_unknown',
  });
  expect(await here.ids('users')).toContain('qvw-1');
});

test('it says what there was, which tools are to be asked, and is on record without saying who it was', async () => {
  const { personIds, tools, counts } = await erase();
  expect(personIds).toHaveLength(2);
  expect(personIds).toContain(personId);
  expect(tools).toHaveLength(1);
  expect(counts).toEqual({
    ...{
      links: 3,
      reviews: 1,
      merges: 1,
      sessions: 1,
      signIns: 1,
      launches: 1,
      scores: 2,
      rosterRows: 5,
      auditValues: 1,
    },
  });
  const { rows } = await superuser.query(
    `select e.action, v.reason, v.after from audit_event e join audit_value v using (tenant_id, sequence)
     where tenant_id = $1 and action = 'person.erased'`,
    [tenantId],
  );
  expect(rows).toMatchObject([{ reason: by.reason, after: { personIds, tools, rosterRows: 5 } }]);
  await expect(erase()).resolves.toMatchObject({
    counts: { links: 0, sessions: 0, scores: 0, rosterRows: 0 },
  });
});

test('looking at what would go changes nothing', async () => {
  const before = await findMark(marks.erased);
  const preview = await previewErasure(db, tenantId, personId, erasers, by);
  expect(await findMark(marks.erased)).toEqual(before);
  expect(preview).toEqual(await erase());
});

test('a score that waits is not sent any more, and its line waits for nothing', async () => {
  await erase();
  const { rows } = await superuser.query(
    `select d.state, d.score, l.pending, l.due_at from grade_delivery d join grade_line l using (tenant_id, line_item_id, person_id)
     where d.tenant_id = $1 and d.person_id = $2 order by d.state`,
    [tenantId, personId],
  );
  expect(rows).toEqual([
    { state: 'delivered', score: null, pending: 0, due_at: null },
    { state: 'discarded', score: null, pending: 0, due_at: null },
  ]);
});

test('while a score of theirs is being sent, or a run writes into their roster, nothing is erased', async () => {
  const before = await findMark(marks.erased);
  const hold = (until: string) =>
    superuser.query(
      `update grade_line set lease_token = gen_random_uuid(), lease_until = now() + $2::interval where tenant_id = $1`,
      [tenantId, until],
    );
  await hold('1 minute');
  await expect(erase()).rejects.toMatchObject({ kind: 'conflict', code: 'score_being_sent' });
  await hold('-1 minute');
  await superuser.query(
    `update sync_run set state = 'applying', ended_at = null, outcome = null where tenant_id = $1 and run_no = 2`,
    [tenantId],
  );
  await expect(erase()).rejects.toMatchObject({ kind: 'conflict', code: 'roster_being_applied' });
  expect(await findMark(marks.erased)).toEqual(before);
});

test('the next runs leave them out, say so without saying who, and nobody is linked anew', async () => {
  await erase();
  for (const changed of ['changed', 'again']) {
    const { run, plan, findings } = await school.sync(roster(changed));
    const created = plan.counts.filter((each) => each.created > 0);
    expect(created).toEqual([]);
    expect(findings.filter(({ code }) => code === 'persons_erased')).toEqual([
      expect.objectContaining({
        severity: 'warning',
        entity: 'users',
        sourcedId: null,
        line: null,
        count: 1,
      }),
    ]);
    await linkRosterUsers(db, tenantId, school.connectionId, { runNo: run.runNo, again: true, by });
  }
  expect(await findMark(marks.erased)).toEqual([]);
  expect(await school.ids('users')).not.toContain('zyx-1');
});

test('a plan that was made before is stale: its run cannot bring them back', async () => {
  const base = async () =>
    (await superuser.query('select base from roster_source where tenant_id = $1', [tenantId])).rows[0].base;
  const before = await base();
  await erase();
  expect(await base()).toBe(before + 1);
});

test('a roster that is loaded for the first time leaves them out as well', async () => {
  await erase();
  for (const table of [
    'roster_user',
    'roster_demographics',
    'roster_role',
    'roster_enrollment',
    'roster_result',
  ]) {
    await superuser.query(`delete from ${table} where tenant_id = $1`, [tenantId]);
  }
  await school.sync(roster());
  for (const entity of ['users', 'demographics', 'roles', 'enrollments', 'results'] as const) {
    const ids = await school.ids(entity);
    expect([entity, ids.filter((id) => id.startsWith('zyx'))]).toEqual([entity, []]);
    expect([entity, ids.filter((id) => id.startsWith('qvw')).length]).toEqual([entity, 1]);
  }
});

test('somebody who comes back is let in again by hand, as somebody new, and that is on record', async () => {
  await erase();
  const user = { connectionId: school.connectionId, sourcedId: 'zyx-1' };
  await expect(
    db.withTenant(tenantId, (tx) => readmit(tx, { ...user, sourcedId: 'qvw-1' }, by)),
  ).rejects.toMatchObject({ code: 'person_not_erased' });
  await db.withTenant(tenantId, (tx) => readmit(tx, user, by));
  const { run, findings } = await school.sync(roster());
  expect(findings.some(({ code }) => code === 'persons_erased')).toBe(false);
  await linkRosterUsers(db, tenantId, school.connectionId, { runNo: run.runNo, by });
  expect(await personOf('zyx-1', school.connectionId)).toBeDefined();
  expect(await personOf('zyx-1', school.connectionId)).not.toBe(personId);
  const { rows } = await superuser.query(
    `select v.reason, v.after from audit_event e join audit_value v using (tenant_id, sequence)
     where tenant_id = $1 and action = 'person.readmitted'`,
    [tenantId],
  );
  expect(rows).toEqual([{ reason: by.reason, after: null }]);
});
