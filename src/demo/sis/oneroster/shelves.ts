import type { SourceRow } from '../../../../contracts/connector.ts';
import { type Entity, entities } from '../../../../contracts/roster.ts';

/** Where rows come from; read once, when they are first asked for. */
export interface RowSource {
  rows(entity: Entity): Iterable<SourceRow>;
}

/** The provider's rows, which may change while somebody reads them. */
export interface Shelves {
  /** In the provider's own order: that in which they came. */
  rows(entity: Entity): readonly SourceRow[];
  /** By sourcedId. */
  sorted(entity: Entity): readonly SourceRow[];
  find(entity: Entity, sourcedId: string): SourceRow | undefined;
  rolesOf(user: string): readonly SourceRow[];
  /** Takes a row out without a trace. */
  remove(entity: Entity, sourcedId: string): void;
  /** Puts a row in, or in the place of the one with its sourcedId. @param at its place; by default the last one */
  put(entity: Entity, row: SourceRow, at?: number): void;
}

export function createShelves(source: RowSource): Shelves {
  const held = new Map<Entity, SourceRow[]>();
  const inOrder = new Map<Entity, SourceRow[]>();
  let byUser: Map<string, SourceRow[]> | undefined;

  const rows = (entity: Entity) => {
    const found = held.get(entity) ?? [...source.rows(entity)];
    held.set(entity, found);
    return found;
  };
  const changed = (entity: Entity) => {
    inOrder.delete(entity);
    if (entity === 'roles') byUser = undefined;
  };
  return {
    rows,
    sorted(entity) {
      const found = inOrder.get(entity) ?? rows(entity).toSorted((a, b) => compare(a.sourcedId, b.sourcedId));
      inOrder.set(entity, found);
      return found;
    },
    find: (entity, sourcedId) => rows(entity).find((row) => row.sourcedId === sourcedId),
    rolesOf(user) {
      byUser ??= Map.groupBy(rows('roles'), ({ values }) => values.userSourcedId ?? '');
      return byUser.get(user) ?? [];
    },
    remove(entity, sourcedId) {
      held.set(
        entity,
        rows(entity).filter((row) => row.sourcedId !== sourcedId),
      );
      changed(entity);
    },
    put(entity, row, at) {
      const others = [...rows(entity)];
      const place = others.findIndex(({ sourcedId }) => sourcedId === row.sourcedId);
      if (place >= 0) others[place] = row;
      else others.splice(at ?? others.length, 0, row);
      held.set(entity, others);
      changed(entity);
    },
  };
}

/** Rows that are there already, for providers of a few. */
export function rowsOf(given: Partial<Record<Entity, readonly SourceRow[]>>): RowSource {
  return { rows: (entity) => (entities.includes(entity) ? (given[entity] ?? []) : []) };
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
