import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../support/database.ts';
import { createSchool, type Given, smallRoster } from '../world.ts';

const database = await createTestDatabase();

const org = (sourcedId: string, parentSourcedId?: string): Given => ({
  ...{ sourcedId, name: 'Part', type: 'department' },
  ...(parentSourcedId !== undefined && { parentSourcedId }),
});
const chain = (length: number, top: string) =>
  Array.from({ length }, (_, i) => org(`a${i}`, i === 0 ? top : `a${i - 1}`));
const looped = (findings: { code: string; sourcedId: string | null }[]) =>
  findings.filter(({ code }) => code === 'reference_cycle').map(({ sourcedId }) => sourcedId);

test('a chain of orgs of any length is followed, and only what goes round is cut', async () => {
  const school = await createSchool(database, 'chain');
  const circle = [org('x', 'z'), org('y', 'x'), org('z', 'y'), org('self', 'self')];
  const orgs = [...smallRoster().orgs, ...circle, ...chain(20_000, 'd1'), org('tail', 'x')];
  const started = performance.now();
  const { findings } = await school.sync({ orgs }, { entities: ['orgs'] });
  // Pairs of a row and what is above it would be 200 million.
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(looped(findings)).toEqual(['x', 'y', 'z', 'self']);
  const parents = new Map((await school.rows('orgs')).map((row) => [row.sourced_id, row.parent_sourced_id]));
  expect([parents.get('tail'), parents.get('x'), parents.get('a19999')]).toEqual(['x', null, 'a19998']);
});

test('a loop that a night closes is cut where it is new, however long the way round', async () => {
  const school = await createSchool(database, 'closed');
  const before = [org('top'), ...chain(9, 'top'), org('below', 'a8')];
  await school.sync({ orgs: before }, { entities: ['orgs'] });
  const { findings } = await school.sync(
    { orgs: [org('top', 'a8'), org('new', 'below')] },
    { entities: ['orgs'], mode: 'delta' },
  );
  expect(looped(findings)).toEqual(['top']);
});
