import { describe, expect, test } from 'vitest';
import type { LineItemId } from '../../contracts/ids.ts';
import { newId } from '../../contracts/ids.ts';
import { acceptScore } from '../../src/grades/accept.ts';
import { disableToolForTenant } from '../../src/tools/enablement.ts';
import { createTestDatabase } from '../support/database.ts';
import { createGradeSchool, scoreOf } from '../support/grades.ts';

const test_ = await createTestDatabase();
const { database, superuser } = test_;
const school = await createGradeSchool(test_, { slug: 'north' });
const other = await createGradeSchool(test_, { slug: 'south', toolId: school.toolId });
const accept = (handedIn: Parameters<typeof acceptScore>[1]) => acceptScore(database, handedIn);

async function pending(tenantId: string) {
  const { rows } = await superuser.query(
    `select l.pending, count(d.*)::int as deliveries from grade_line l left join grade_delivery d
       on (d.tenant_id, d.line_item_id, d.person_id) = (l.tenant_id, l.line_item_id, l.person_id) and d.ended_at is null
     where l.tenant_id = $1 group by l.tenant_id, l.line_item_id, l.person_id`,
    [tenantId],
  );
  return rows as { pending: number; deliveries: number }[];
}

describe('a score', () => {
  test('is accepted with the row that makes it due', async () => {
    expect(await accept(scoreOf(school, 1))).toMatchObject({
      kind: 'accepted',
      connectionId: school.connectionId,
    });
    expect(await pending(school.tenantId)).toEqual([{ pending: 1, deliveries: 1 }]);
  });

  test('that comes again is the same success, and is kept once', async () => {
    await accept(scoreOf(school, 2));
    expect(await accept(scoreOf(school, 2))).toEqual({ kind: 'repeated' });
    expect(await pending(school.tenantId)).toEqual([{ pending: 2, deliveries: 2 }]);
  });

  test('with the timestamp of another one is in conflict', async () => {
    expect(await accept(scoreOf(school, 2, { scoreGiven: 50 }))).toEqual({ kind: 'conflicting' });
  });

  test('older than the newest one is stale', async () => {
    expect(await accept(scoreOf(school, 1, { scoreGiven: 7 }))).toEqual({ kind: 'stale' });
  });

  test('whose person is met at the very moment is not taken for an older one', async () => {
    let missed = false;
    const db: typeof database = {
      ...database,
      tenant: (...of) => {
        const tx = database.tenant(...of);
        return {
          ...tx,
          // Nothing is found at first; when it is asked why, everything is there.
          maybeOne: async (statement, row) => {
            if (missed) return tx.maybeOne(statement, row);
            missed = true;
            return undefined;
          },
        };
      },
    };
    expect(await acceptScore(db, scoreOf(school, 1, { person: 1, item: 1 }))).toMatchObject({
      kind: 'accepted',
    });
  });

  test('is newer by a microsecond', async () => {
    const at = (fraction: string) => ({ person: 2, timestamp: `2026-03-01T00:00:00.${fraction}Z` });
    expect(await accept(scoreOf(school, 0, at('000001')))).toMatchObject({ kind: 'accepted' });
    expect(await accept(scoreOf(school, 0, at('000002')))).toMatchObject({ kind: 'accepted' });
    expect(await accept(scoreOf(school, 0, at('000001')))).toEqual({ kind: 'stale' });
  });

  test('is in one order, however its zone is written', async () => {
    const at = (timestamp: string) => scoreOf(school, 0, { person: 1, timestamp });
    expect(await accept(at('2026-03-01T12:00:00.000+00'))).toMatchObject({ kind: 'accepted' });
    expect(await accept(at('2026-03-01T13:00:00.000+0200'))).toEqual({ kind: 'stale' });
    expect(await accept(at('2026-03-01T12:00:01+00:00'))).toMatchObject({ kind: 'accepted' });
  });

  test('for somebody the tool has never met is refused', async () => {
    expect(await accept(scoreOf(school, 1, { userId: 'nobody' }))).toEqual({ kind: 'person_unknown' });
  });

  test('for a line item nobody knows is refused', async () => {
    const unknown = { ...scoreOf(school, 3), lineItemId: newId<LineItemId>() };
    expect(await accept(unknown)).toEqual({ kind: 'line_item_unknown' });
  });

  test('for a line item of another course, tool or school is refused', async () => {
    const foreign = scoreOf(other, 3);
    expect(await accept({ ...foreign, tenantId: school.tenantId })).toEqual({ kind: 'line_item_unknown' });
    expect(await accept({ ...scoreOf(school, 3), contextId: other.contextId })).toEqual({
      kind: 'line_item_unknown',
    });
    const stranger = await createGradeSchool(test_, { slug: 'stranger' });
    expect(await accept({ ...scoreOf(school, 3), toolId: stranger.toolId })).toEqual({
      kind: 'tool_disabled',
    });
  });

  test('with a token narrowed to another enablement is refused', async () => {
    expect(await accept({ ...scoreOf(school, 3), deploymentId: other.deploymentId })).toEqual({
      kind: 'tool_disabled',
    });
    expect(await accept({ ...scoreOf(school, 3), deploymentId: school.deploymentId })).toMatchObject({
      kind: 'accepted',
    });
  });

  test('sent many times at once is accepted once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => accept(scoreOf(other, 9))));
    expect(answers.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'repeated')).toHaveLength(19);
    expect(await pending(other.tenantId)).toEqual([{ pending: 1, deliveries: 1 }]);
  });

  test('of a tool that is switched off for the school is refused', async () => {
    await database.withTenant(other.tenantId, (tx) =>
      disableToolForTenant(tx, other.toolId, { actor: 'test', now: Date.now() }),
    );
    expect(await accept(scoreOf(other, 10))).toEqual({ kind: 'tool_disabled' });
  });
});
