import { defineConnector } from '../../contracts/connector.ts';
import { entities } from '../../contracts/roster.ts';
import { checkPackage, discoverSchools, readEntity } from './client.ts';
import { settings } from './settings.ts';

/** Packages of OneRoster CSV 1.1 and 1.2, bulk and delta. */
export const oneRosterCsv = defineConnector({
  id: 'oneroster-csv',
  version: '1.0.0',
  title: 'OneRoster CSV',
  settings,
  capabilities: { entities, delta: 'files', deletes: 'absence', packages: true },
  limits: { concurrency: 1, requestsPerSecond: 5, pageSize: 1 },
  check: checkPackage,
  discover: discoverSchools,
  read: readEntity,
});
