import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';
import { addOperator } from '../support/console-visitor.ts';

const testDatabase = await createTestDatabase();
const world = createApiWorld(testDatabase);
const { token } = await world.makeToken();
const school = await world.addSchool();

test.each(['listOperators', 'listAdmins'] as const)(
  '%s: accounts come page by page, by name, each once, also where names are the same',
  async (name) => {
    const isHub = name === 'listOperators';
    const { call } = await world.open();
    for (let each = 0; each < 5; each++) {
      const operator = await addOperator(
        world.operators,
        [isHub ? 'viewer' : 'institution_admin'],
        isHub ? {} : { owner: school.tenantId },
      );
      if (each > 2) {
        await testDatabase.superuser.query('update operator set name = $2 where operator_id = $1', [
          ...[operator.operatorId, `Zoë ${each}`],
        ]);
      }
    }
    const params = isHub ? {} : { slug: school.slug };
    const all = (await call(name, { token, params })).body;
    expect([all.next, all.operators.length]).toEqual([null, 5]);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const query: Record<string, string> = { limit: '2', ...(after === null ? {} : { after }) };
      const { body } = await call(name, { token, params, query });
      seen.push(...body.operators.map(({ operatorId }: { operatorId: string }) => operatorId));
      after = body.next;
    } while (after !== null && seen.length < 9);
    expect(seen).toEqual(all.operators.map(({ operatorId }: { operatorId: string }) => operatorId));
    const refused = await call(name, { token, params, query: { after: 'nowhere' } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'cursor_invalid' } });
  },
);
