import { expect } from 'vitest';
import type { ReadRequest } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import type { Harness } from './harness.ts';
import { canonical, emptyStaged, type Opened, readFull, readInto, type Staged } from './reading.ts';
import { type Line, withSource } from './world.ts';

const bringsNothing = ({ connector }: Harness) =>
  connector.capabilities.alongside === undefined ? 'each entity is read by itself' : undefined;

/** Reads an entity and those that come along with it, until so many parts have come. */
async function readTogether(
  { connector, context, told }: Opened,
  request: ReadRequest,
  into: ReadonlyMap<Entity, Staged>,
  mostParts = Number.POSITIVE_INFINITY,
): Promise<number> {
  let parts = 0;
  for await (const item of connector.read(context, request)) {
    const staged = into.get(item.entity ?? request.entity);
    if (staged === undefined) throw new Error(`brings ${item.entity}, which nobody asked for`);
    if (item.kind === 'raw') throw new Error('a file is one entity');
    if (item.kind === 'seal') staged.seal = item;
    else {
      told.push(item.part, item.findings, item.checkpoint);
      for (const row of item.rows) staged.rows.set(row.sourcedId, canonical(row));
      staged.checkpoint = item.checkpoint;
      parts += 1;
      if (parts === mostParts) break;
    }
  }
  return parts;
}

const pairsOf = ({ connector }: Harness) =>
  Object.entries(connector.capabilities.alongside ?? {}).map(([entity, others]) => ({
    entity: entity as Entity,
    others,
    request: {
      entity: entity as Entity,
      mode: 'full',
      state: undefined,
      resumes: false,
      alongside: others,
    } satisfies ReadRequest,
    empty: () => new Map([entity as Entity, ...others].map((each) => [each, emptyStaged()])),
  }));

/** What connectors keep that bring several entities with one read. */
export const alongsideLines: readonly Line[] = [
  {
    rule: 'what is brought along is what its own read gives, and sealed with it',
    without: bringsNothing,
    keep: (harness) =>
      withSource(harness, async ({ open }) => {
        for (const { request, empty } of pairsOf(harness)) {
          const together = empty();
          await readTogether(open(), request, together);
          for (const [entity, staged] of together) {
            const alone = await readFull(open(), entity);
            expect(staged.rows.size, entity).toBeGreaterThan(0);
            expect([...staged.rows], entity).toEqual([...alone.rows]);
            expect(staged.seal?.expected, entity).toBe(alone.seal?.expected);
            expect(staged.seal === undefined, entity).toBe(alone.seal === undefined);
          }
        }
      }),
  },
  {
    rule: 'killed after any page of several entities, each goes on by itself, and all together where they are at one',
    without: bringsNothing,
    keep: (harness) =>
      withSource(harness, async ({ open }) => {
        for (const { request, empty } of pairsOf(harness)) {
          const whole = empty();
          const parts = await readTogether(open(), request, whole);
          const expectWhole = (staged: Staged, entity: Entity, part: number) => {
            const what = `${entity} after ${part}`;
            expect([...staged.rows].sort(), what).toEqual([...(whole.get(entity)?.rows ?? [])].sort());
            expect(staged.seal?.expected, what).toBe(whole.get(entity)?.seal?.expected);
          };
          let together = 0;
          for (let part = 1; part <= parts; part += 1) {
            const killed = empty();
            await readTogether(open(), request, killed, part);
            const marks = new Set([...killed.values()].map(({ checkpoint }) => checkpoint));
            const [mark] = marks;
            if (marks.size === 1 && mark !== undefined) {
              together += 1;
              const resumed = new Map([...killed].map(([entity, staged]) => [entity, copyOf(staged)]));
              await readTogether(open(), { ...request, state: mark, resumes: true }, resumed);
              for (const [entity, staged] of resumed) expectWhole(staged, entity, part);
            }
            for (const [entity, staged] of killed) {
              const { checkpoint } = staged;
              const from = {
                entity,
                mode: 'full',
                state: checkpoint,
                resumes: checkpoint !== undefined,
              } as const;
              expectWhole(await readInto(staged, open(), from), entity, part);
            }
          }
          expect(together).toBeGreaterThan(0);
        }
      }),
  },
];

function copyOf(staged: Staged): Staged {
  return { ...staged, rows: new Map(staged.rows) };
}
