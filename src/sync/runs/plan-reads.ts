import type { Capabilities, ReadRequest } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import type { EntityState } from './entity-store.ts';

/**
 * What is still to be read, and from where: an entity's checkpoint, else where the last applied run has left it, else its
 * beginning. What one read can bring of several entities it brings, where they begin at the same place; after a break they
 * may not, and then each is read on by itself.
 *
 * @param known how far each entity of the run has come, in the models' order
 * @param starts where the last applied run has left them
 */
export function planReads(
  { alongside = {} }: Pick<Capabilities, 'alongside'>,
  mode: ReadRequest['mode'],
  known: ReadonlyMap<Entity, EntityState | undefined>,
  starts: ReadonlyMap<Entity, string>,
): ReadRequest[] {
  const requests = new Map<Entity, ReadRequest>();
  for (const [entity, state] of known) {
    if (state?.sealed !== true) requests.set(entity, planRead(entity, mode, state, starts.get(entity)));
  }
  for (const [entity, request] of requests) {
    const along = (alongside[entity] ?? []).filter((other) => beginsAt(request, requests.get(other)));
    for (const other of along) requests.delete(other);
    if (along.length > 0) requests.set(entity, { ...request, alongside: along });
  }
  return [...requests.values()];
}

function planRead(
  entity: Entity,
  mode: ReadRequest['mode'],
  known: EntityState | undefined,
  start: string | undefined,
): ReadRequest {
  if (known?.checkpoint !== undefined) return { entity, mode, state: known.checkpoint, resumes: true };
  return { entity, mode, state: mode === 'delta' ? start : undefined, resumes: false };
}

function beginsAt(request: ReadRequest, other: ReadRequest | undefined): boolean {
  return other?.resumes === request.resumes && other.state === request.state;
}
