import { defineConnector } from '../../contracts/connector.ts';
import { entities } from '../../contracts/roster.ts';
import { check, discover } from './check.ts';
import { limits } from './limits.ts';
import { readEntity } from './read.ts';
import { settings } from './settings.ts';

/** OneRoster 1.1 and 1.2 by REST, of any product. */
export const oneRosterRest = defineConnector({
  id: 'oneroster-rest',
  version: '1.0.0',
  title: 'OneRoster (REST)',
  settings,
  capabilities: {
    entities,
    delta: 'cursor',
    // Certified servers let rows vanish without a word, so that only a full read tells.
    deletes: 'absence',
    alongside: { users: ['roles'] },
  },
  limits,
  check,
  discover,
  read: readEntity,
});
