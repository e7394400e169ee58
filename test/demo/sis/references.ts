import type { SourceRow } from '../../../contracts/connector.ts';
import { type Entity, entities, models } from '../../../contracts/roster.ts';

/** What does not hold together in a set of rows: ids that are there twice, references that lead nowhere. */
export function findBreaks(rows: (entity: Entity) => Iterable<SourceRow>): string[] {
  const ids = new Map<Entity, Set<string>>();
  const breaks: string[] = [];
  for (const entity of entities) {
    const known = new Set<string>();
    for (const { sourcedId } of rows(entity)) {
      if (known.has(sourcedId)) breaks.push(`${entity} ${sourcedId} twice`);
      known.add(sourcedId);
    }
    ids.set(entity, known);
  }
  for (const entity of entities) {
    for (const row of rows(entity)) breaks.push(...findBreaksOf(entity, row, ids));
  }
  return breaks;
}

function findBreaksOf(
  entity: Entity,
  { sourcedId, values }: SourceRow,
  ids: ReadonlyMap<Entity, ReadonlySet<string>>,
): string[] {
  const of = `${entity} ${sourcedId}`;
  const breaks = models[entity].columns.flatMap(({ name, kind, required }) => {
    const value = values[name];
    if (value === undefined) return required ? [`${of} has no ${name}`] : [];
    if (kind.is !== 'reference' && kind.is !== 'references') return [];
    const named = kind.is === 'reference' ? [value] : value.split(',');
    return named.filter((id) => !ids.get(kind.to)?.has(id)).map((id) => `${of}: ${name} ${id} is not there`);
  });
  const ofNobody = entity === 'demographics' && !ids.get('users')?.has(sourcedId);
  return ofNobody ? [...breaks, `${of} is of nobody`] : breaks;
}
