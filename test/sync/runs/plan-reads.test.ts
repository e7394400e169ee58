import { expect, test } from 'vitest';
import type { Entity } from '../../../contracts/roster.ts';
import type { EntityState } from '../../../src/sync/runs/entity-store.ts';
import { planReads } from '../../../src/sync/runs/plan-reads.ts';

const together = { alongside: { users: ['roles'] } } as const;
const state = (entity: Entity, change: Partial<EntityState>): EntityState => ({
  entity,
  checkpoint: undefined,
  rows: 10,
  expected: undefined,
  sealed: false,
  state: undefined,
  ...change,
});
const knownOf = (...states: EntityState[]) => {
  const entities: Entity[] = ['orgs', 'users', 'roles'];
  return new Map(entities.map((entity) => [entity, states.find((each) => each.entity === entity)]));
};
const none = new Map<Entity, string>();

test('at its beginning a run reads together what comes together', () => {
  expect(planReads(together, 'full', knownOf(), none)).toEqual([
    { entity: 'orgs', mode: 'full', state: undefined, resumes: false },
    { entity: 'users', mode: 'full', state: undefined, resumes: false, alongside: ['roles'] },
  ]);
  expect(planReads({}, 'full', knownOf(), none).map(({ entity }) => entity)).toEqual([
    'orgs',
    'users',
    'roles',
  ]);
});

test('what is not part of the run is not brought along', () => {
  const known = new Map<Entity, undefined>([['users', undefined]]);
  expect(planReads(together, 'full', known, none)).toEqual([
    { entity: 'users', mode: 'full', state: undefined, resumes: false },
  ]);
});

test('what was read to its end is not read again, and the other goes on by itself', () => {
  const known = knownOf(
    state('users', { sealed: true }),
    state('roles', { checkpoint: 'b' }),
    state('orgs', { sealed: true }),
  );
  expect(planReads(together, 'full', known, none)).toEqual([
    { entity: 'roles', mode: 'full', state: 'b', resumes: true },
  ]);
});

test('from the same checkpoint they go on together, from different ones each by itself', () => {
  const plan = (users: string | undefined, roles: string | undefined) =>
    planReads(
      together,
      'full',
      knownOf(
        state('orgs', { sealed: true }),
        state('users', { checkpoint: users }),
        state('roles', { checkpoint: roles }),
      ),
      none,
    ).map(({ entity, state: from, alongside }) => [entity, from, alongside]);
  expect(plan('a', 'a')).toEqual([['users', 'a', ['roles']]]);
  expect(plan('b', 'a')).toEqual([
    ['users', 'b', undefined],
    ['roles', 'a', undefined],
  ]);
  expect(plan('b', undefined)).toEqual([
    ['users', 'b', undefined],
    ['roles', undefined, undefined],
  ]);
});

test('changes are read together where both were read to the same time before', () => {
  const plan = (roles: string) =>
    planReads(
      together,
      'delta',
      knownOf(),
      new Map<Entity, string>([
        ['users', 'noon'],
        ['roles', roles],
      ]),
    );
  expect(plan('noon')).toContainEqual({
    entity: 'users',
    mode: 'delta',
    state: 'noon',
    resumes: false,
    alongside: ['roles'],
  });
  expect(plan('night').filter(({ alongside }) => alongside !== undefined)).toEqual([]);
});
