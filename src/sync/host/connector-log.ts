import { entities } from '../../../contracts/roster.ts';
import type { Log, LogFields } from '../../platform/log.ts';

const numbers = ['count', 'status', 'bytes', 'attempt', 'milliseconds', 'port'] as const;
const codes = ['code', 'reason', 'outcome'] as const;
/** Two words at least, so that nobody's name or number passes for one. */
const code = /^[a-z]+(_[a-z0-9]+)+$/;
const eventName = /^[a-z]+(_[a-z0-9]+)*$/;

/**
 * What a connector may say in the log. Connectors are written by many hands, so that only counts, codes and the name of
 * an entity come through, whatever they pass on.
 */
export function createConnectorLog(
  log: Log,
  ids: { tenantId: string; connectionId: string },
): (event: string, details?: Readonly<Record<string, string | number>>) => void {
  return (event, details = {}) => {
    const fields: LogFields = { ...ids };
    for (const name of numbers) if (typeof details[name] === 'number') fields[name] = details[name];
    for (const name of codes) {
      const value = details[name];
      if (typeof value === 'string' && value.length <= 60 && code.test(value)) fields[name] = value;
    }
    const entity = entities.find((known) => known === details.entity);
    if (entity !== undefined) fields.name = entity;
    log.info(event.length <= 60 && eventName.test(event) ? `connector_${event}` : 'connector_event', fields);
  };
}
