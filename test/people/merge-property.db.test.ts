import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MergeId, newId, type PersonId, type TenantId } from '../../contracts/ids.ts';
import { mergePeople, unmergePeople } from '../../src/people/merges.ts';
import { DomainError } from '../../src/platform/errors.ts';
import { createTenant } from '../../src/tenants/tenants.ts';
import { createTestDatabase } from '../support/database.ts';
import { readPeopleTables } from './world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const persons = 5;
const rooms = 4;

/** Tools belong to the hub, and so to every world made here. */
const toolIds: string[] = Array.from({ length: 3 }, () => newId());
for (const [i, toolId] of toolIds.entries()) {
  await superuser.query(
    `insert into tool (tool_id, slug, name, client_id, login_initiation_url, target_link_uri, redirect_uris, presentation,
       supports_storage, status, version, created_at, changed_at)
     values ($1, $2, 'x', $2, 'x', 'x', '{x}', 'redirect', false, 'active', 1, now(), now())`,
    [toolId, `tool-${i}`],
  );
}

const person = fc.nat(persons - 1);
const worlds = fc.record({
  /** Person, connection (the last is a roster). */
  links: fc.uniqueArray(fc.tuple(person, fc.nat(rooms)), { maxLength: 9, selector: String }),
  names: fc.uniqueArray(fc.tuple(person, fc.nat(2)), { maxLength: 8, selector: String }),
  /** Person, connection, tool. */
  scores: fc.uniqueArray(fc.tuple(person, fc.nat(rooms - 1), fc.nat(2)), { maxLength: 8, selector: String }),
  reviews: fc.uniqueArray(fc.tuple(person, person), {
    maxLength: 4,
    selector: (pair) => String([...pair].sort()),
  }),
  merges: fc.array(fc.tuple(person, person, fc.boolean()), { minLength: 1, maxLength: 6 }),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

let count = 0;

async function createWorld(given: World): Promise<{ tenantId: TenantId; people: PersonId[] }> {
  const slug = `world-${++count}`;
  const { tenantId } = await createTenant(database, { slug, name: slug }, { actor: 'test', now: Date.now() });
  const put = (text: string, ...values: unknown[]) => superuser.query(text, [tenantId, ...values]);
  const people = Array.from({ length: persons }, () => newId<PersonId>());
  const connections = Array.from({ length: rooms + 1 }, () => newId());
  for (const id of people) {
    await put(
      'insert into person (tenant_id, person_id, created_at, changed_at) values ($1, $2, now(), now())',
      id,
    );
  }
  for (const [i, id] of connections.entries()) {
    const kind = i === rooms ? 'roster' : 'lms';
    await put(
      `insert into connection (tenant_id, connection_id, kind, partner, name, created_at) values ($1, $2, $3, 'x', 'x', now())`,
      ...[id, kind],
    );
  }
  for (const [who, where] of given.links) {
    await put(
      'insert into person_link (tenant_id, connection_id, subject, person_id, created_at) values ($1, $2, $3, $4, now())',
      ...[connections[where], `s-${who}`, people[who]],
    );
  }
  for (const [who, tool] of given.names) {
    await put(
      'insert into pseudonym (tenant_id, tool_id, person_id, sub, created_at) values ($1, $2, $3, $4, now())',
      ...[toolIds[tool], people[who], `n-${who}`],
    );
  }
  const items = new Map<string, string>();
  for (const [who, where, tool] of given.scores) {
    const key = `${where} ${tool}`;
    let item = items.get(key);
    if (item === undefined) {
      item = newId();
      items.set(key, item);
      const context = newId();
      await put(
        `insert into lti_context (tenant_id, context_id, connection_id, deployment_id, lms_context_id, type, created_at,
           changed_at) values ($1, $2, $3, '1', $4, '{}', now(), now())`,
        ...[context, connections[where], key],
      );
      await put(
        `insert into line_item (tenant_id, line_item_id, connection_id, deployment_id, context_id, tool_id, lms_url, status,
           created_at, changed_at) values ($1, $2, $3, '1', $4, $5, $6, 'active', now(), now())`,
        ...[item, connections[where], context, toolIds[tool], key],
      );
    }
    await put(
      `insert into grade_line (tenant_id, line_item_id, person_id, connection_id, newest_at, newest_hash, pending, due_at)
       values ($1, $2, $3, $4, now(), '', 1, now())`,
      ...[item, people[who], connections[where]],
    );
    await put(
      `insert into grade_delivery (tenant_id, delivery_id, connection_id, tool_id, line_item_id, person_id, score_timestamp,
         score, state, accepted_at) values ($1, $2, $3, $4, $5, $6, now(), '{}', 'pending', now())`,
      ...[newId(), connections[where], toolIds[tool], item, people[who]],
    );
  }
  for (const [one, other] of given.reviews) {
    await put(
      `insert into person_review (tenant_id, review_id, reason, state, connection_id, subject, person_id, other_id, agree,
         differ, found_at) values ($1, $2, 'several_hits', 'open', $3, 'u', $4, $5, '{}', '{}', now())`,
      ...[newId(), connections[rooms], people[one], people[other]],
    );
  }
  return { tenantId, people };
}

test('whatever persons have and whoever was merged before: undone from the last on, every table is as it was', async () => {
  let merged = 0;
  await fc.assert(
    fc.asyncProperty(worlds, async (given) => {
      const { tenantId, people } = await createWorld(given);
      let now = Date.now();
      const by = () => ({ actor: 'test', now: ++now });
      const done: { mergeId: MergeId; before: Record<string, unknown[]> }[] = [];
      for (const [kept, absorbed, retireNames] of given.merges) {
        const before = await readPeopleTables(testDatabase, tenantId);
        const request = { keptId: people[kept]!, absorbedId: people[absorbed]!, retireNames };
        try {
          const merge = await database.withTenant(tenantId, (tx) => mergePeople(tx, request, by()));
          done.push({ mergeId: merge.mergeId, before });
          merged++;
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
          expect(await readPeopleTables(testDatabase, tenantId)).toEqual(before);
          continue;
        }
        // Nobody who was merged away has anything that is used still, and nobody leads to one of them.
        const { rows } = await superuser.query(
          `select p.person_id from person p where p.tenant_id = $1 and p.merged_into is not null and (
             exists (select from person_link k where k.tenant_id = $1 and k.person_id = p.person_id)
             or exists (select from pseudonym s where s.tenant_id = $1 and s.person_id = p.person_id and s.alias_of is null)
             or exists (select from pseudonym s where s.tenant_id = $1 and s.alias_of = p.person_id)
             or exists (select from person o where o.tenant_id = $1 and o.merged_into = p.person_id))`,
          [tenantId],
        );
        expect(rows).toEqual([]);
      }
      for (const { mergeId, before } of done.reverse()) {
        await database.withTenant(tenantId, (tx) => unmergePeople(tx, mergeId, by()));
        expect(await readPeopleTables(testDatabase, tenantId)).toEqual(before);
      }
    }),
    { numRuns: 60 },
  );
  expect(merged).toBeGreaterThan(20);
}, 120_000);
