import { hash } from 'node:crypto';
import { z } from 'zod';
import { type Connector, mappingNames } from '../../../contracts/connector.ts';
import { type Entity, entities } from '../../../contracts/roster.ts';
import { profiles } from '../../../contracts/sync.ts';
import type { RosterSource } from '../sources/source.ts';

/** How a run reads, settled when it begins. */
export const terms = z.object({
  entities: z.array(z.enum(entities)),
  /** What the source has and the institution does not want, or no more. */
  unwanted: z.array(z.enum(entities)).default([]),
  profile: z.enum(profiles),
  schools: z.array(z.string()).nullable(),
  deletes: z.enum(['explicit', 'absence', 'none']),
  /** A change of it makes every row differ from before. */
  reading: z.string(),
  /** Digests of the settings, secret ones apart, and of those among them that say what columns mean. */
  settings: z.string(),
  mapping: z.string(),
});
export type Terms = z.output<typeof terms>;

/** The terms of a run that begins now. */
export function planTerms(
  connector: Pick<Connector, 'id' | 'version' | 'capabilities' | 'settings'>,
  source: Pick<RosterSource, 'profile' | 'demographics' | 'schools' | 'vendor' | 'settings'>,
): Terms {
  const offered = new Set<Entity>(connector.capabilities.entities);
  const isWanted = (entity: Entity) => entity !== 'demographics' || source.demographics;
  return {
    entities: entities.filter((entity) => offered.has(entity) && isWanted(entity)),
    unwanted: entities.filter((entity) => offered.has(entity) && !isWanted(entity)),
    profile: source.profile,
    schools: source.schools === null ? null : [...source.schools].sort(),
    deletes: connector.capabilities.deletes,
    reading: [connector.id, connector.version, source.vendor ?? '', source.profile].join(' '),
    settings: digest(source.settings),
    mapping: digest(mappingNames(connector.settings).map((name) => source.settings[name])),
  };
}

const digest = (value: unknown): string => hash('sha256', JSON.stringify(value));
